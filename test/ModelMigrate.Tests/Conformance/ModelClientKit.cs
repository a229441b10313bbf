using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Parts;
using ModelMigrate.Providers.Http;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Conformance;

/// <summary>What every adapter of a provider must do. One subclass each says how its protocol spells it.</summary>
public abstract class ModelClientKit
{
    private static readonly ChatRequest Hello = new()
    {
        System = [new TextPart("Be brief.")],
        Turns = [new ChatTurn(ChatRole.User, "Hello"), new ChatTurn(ChatRole.Assistant, "Hi"), new ChatTurn(ChatRole.User, "Ünïcødé 🙂")],
        Stop = ["END"],
        MaxTokens = 50,
        Temperature = 0.5,
        TopP = 0.9,
        User = "u1",
    };

    internal abstract ProviderKind Kind { get; }

    internal abstract string WholeAnswer { get; }

    internal abstract IReadOnlyList<string> Events { get; }

    /// <summary>How many of the events come before the first content.</summary>
    internal abstract int BeforeContent { get; }

    internal abstract string ErrorBody(string message);

    internal abstract string ErrorEvent(string message);

    internal abstract string CredentialHeader { get; }

    internal abstract IModelClient Client(ProviderConnections connections);

    /// <summary>The texts of the request's system and turns as the provider was sent them.</summary>
    internal abstract IReadOnlyList<string> TextsOf(JsonElement body);

    [Fact]
    public async Task Complete_WholeAnswer_ReadIntoTheNeutralLanguage()
    {
        await using var rig = await Rig.StartAsync(this, StubUpstream.Json(WholeAnswer));

        var answer = await rig.CompleteAsync(Hello);

        Assert.Equal(("Hi there", FinishReason.Stop), (answer.Result?.Text, answer.Result?.Finish));
        Assert.Equal(new Usage(7, 3, 2), answer.Result?.Usage);
    }

    [Fact]
    public async Task Complete_Request_CarriesEverythingAndTheCredential()
    {
        await using var rig = await Rig.StartAsync(this, StubUpstream.Json(WholeAnswer));

        await rig.CompleteAsync(Hello);

        var sent = rig.Upstream.Requests.Single();
        using var body = JsonDocument.Parse(sent.Body);
        Assert.Equal(["Be brief.", "Hello", "Hi", "Ünïcødé 🙂"], TextsOf(body.RootElement));
        Assert.Equal(("m-name", 0.5, 0.9), (body.RootElement.GetProperty("model").GetString(),
            body.RootElement.GetProperty("temperature").GetDouble(), body.RootElement.GetProperty("top_p").GetDouble()));
        Assert.Contains("m-key", sent.Headers[CredentialHeader], StringComparison.Ordinal);
        Assert.Equal("identity", sent.Headers["Accept-Encoding"]);
    }

    [Fact]
    public async Task Stream_Events_TextFinishAndUsage()
    {
        await using var rig = await Rig.StartAsync(this, StubUpstream.Events([.. Events]));

        var deltas = await rig.StreamAsync(Hello);

        Assert.Equal("Hi there", string.Concat(deltas.Select(d => d.Text)));
        Assert.Equal(FinishReason.Stop, deltas.Single(d => d.Finish is not null).Finish);
        Assert.Equal((7L, 3L), (deltas.Last(d => d.Usage is not null).Usage!.Value.InputTokens, deltas.Last(d => d.Usage is not null).Usage!.Value.OutputTokens));
        Assert.All(deltas, d => Assert.Null(d.Error));
    }

    [Fact]
    public async Task Stream_AnySplitOfTheBytes_SameDeltas()
    {
        var whole = string.Concat(Events);
        await using var rig = await Rig.StartAsync(this, StubUpstream.Events(whole));
        var expected = await rig.StreamAsync(Hello);
        foreach (var size in (int[])[1, 2, 3, 7, 64])
        {
            rig.Upstream.Answers = StubUpstream.Events([.. whole.Chunk(size).Select(piece => new string(piece))]);
            Assert.Equal(expected, await rig.StreamAsync(Hello));
        }

        rig.Upstream.Answers = StubUpstream.Events(whole.ReplaceLineEndings("\r\n"));
        Assert.Equal(expected, await rig.StreamAsync(Hello));
    }

    [Theory]
    [InlineData(400, ChatErrorKind.Request)]
    [InlineData(401, ChatErrorKind.Configuration)]
    [InlineData(404, ChatErrorKind.Configuration)]
    [InlineData(408, ChatErrorKind.Timeout)]
    [InlineData(422, ChatErrorKind.Request)]
    [InlineData(429, ChatErrorKind.Throttled)]
    [InlineData(500, ChatErrorKind.Provider)]
    [InlineData(529, ChatErrorKind.Provider)]
    public async Task Refused_ByStatus_KindAndRetryAfter(int status, ChatErrorKind kind)
    {
        await using var rig = await Rig.StartAsync(this, StubUpstream.Json(ErrorBody("the reason"), status, ("Retry-After", "3")));

        var whole = (await rig.CompleteAsync(Hello)).Error;
        var streamed = Assert.Single(await rig.StreamAsync(Hello)).Error;

        Assert.Equal((kind, status, TimeSpan.FromSeconds(3)), (whole?.Kind, whole?.Status, whole?.RetryAfter));
        Assert.Equal(whole, streamed);
        Assert.Equal(kind != ChatErrorKind.Configuration, whole?.Message.Contains("the reason", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("[1,2")]
    public async Task Malformed_WholeAnswer_SaysSo(string body)
    {
        await using var rig = await Rig.StartAsync(this, StubUpstream.Json(body));

        Assert.Equal(ChatErrorKind.Malformed, (await rig.CompleteAsync(Hello)).Error?.Kind);
        Assert.Equal(ChatErrorKind.Malformed, (await rig.StreamAsync(Hello))[^1].Error?.Kind);
    }

    [Fact]
    public async Task Stream_EndsBeforeFinish_IsAnErrorAtEveryEvent()
    {
        await using var rig = await Rig.StartAsync(this, StubUpstream.Json("{}"));
        for (var events = 0; events <= BeforeContent + 1; events++)
        {
            rig.Upstream.Answers = StubUpstream.Events([": begin\n\n", .. Events.Take(events)]);
            Assert.Equal(ChatErrorKind.Connection, (await rig.StreamAsync(Hello))[^1].Error?.Kind);
        }
    }

    [Fact]
    public async Task Stream_BrokenOrFailingEvent_IsTheLast()
    {
        await using var rig = await Rig.StartAsync(this, StubUpstream.Events([.. Events.Take(BeforeContent + 1), "data: {\"a\"\n\n"]));
        Assert.Equal(ChatErrorKind.Malformed, (await rig.StreamAsync(Hello))[^1].Error?.Kind);

        rig.Upstream.Answers = StubUpstream.Events([.. Events.Take(BeforeContent + 1), ErrorEvent("it broke"), .. Events.Skip(BeforeContent + 1)]);
        var last = (await rig.StreamAsync(Hello))[^1].Error;
        Assert.Contains("it broke", last?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancel_MidStream_HangsUpAtTheProvider()
    {
        await using var rig = await Rig.StartAsync(this, StubUpstream.EventsThenSilence([.. Events.Take(BeforeContent + 1)]));
        using var cancel = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var delta in rig.Client.StreamAsync(rig.Call(Hello), cancel.Token))
            {
                if (delta.Text is { Length: > 0 })
                {
                    await cancel.CancelAsync();
                }
            }
        });

        await rig.Upstream.Requests.Single().Gone.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Unreachable_Provider_IsAValue()
    {
        var rig = await Rig.StartAsync(this, StubUpstream.Json("{}"));
        await rig.DisposeAsync();
        using var connections = new ProviderConnections(TimeProvider.System);

        var answer = await Client(connections).CompleteAsync(rig.Call(Hello), default);

        Assert.Equal(ChatErrorKind.Connection, answer.Error?.Kind);
    }

    private sealed class Rig : IAsyncDisposable
    {
        private readonly ProviderConnections _connections = new(TimeProvider.System);

        private Rig(ModelClientKit kit, StubUpstream upstream)
        {
            Upstream = upstream;
            Model = GatewayHost.Model("m", upstream, kit.Kind);
            Client = kit.Client(_connections);
        }

        public StubUpstream Upstream { get; }

        public ModelSnapshot Model { get; }

        public IModelClient Client { get; }

        public static async Task<Rig> StartAsync(ModelClientKit kit, StubUpstream.Answer answers) => new(kit, await StubUpstream.StartAsync(answers));

        public ModelCall Call(ChatRequest request) => new() { Model = Model, Request = request };

        public Task<ChatAnswer> CompleteAsync(ChatRequest request) => Client.CompleteAsync(Call(request), default);

        public async Task<List<ChatDelta>> StreamAsync(ChatRequest request)
        {
            var deltas = new List<ChatDelta>();
            await foreach (var delta in Client.StreamAsync(Call(request), default))
            {
                deltas.Add(delta);
            }

            return deltas;
        }

        public async ValueTask DisposeAsync()
        {
            _connections.Dispose();
            await Upstream.DisposeAsync();
        }
    }
}
