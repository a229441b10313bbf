using System.Text.Json;
using System.Text.Json.Nodes;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Parts;
using ModelMigrate.Core.Chat.Tools;
using ModelMigrate.Providers.Http;
using ModelMigrate.Providers.Probing;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Conformance;

/// <summary>What every adapter of a provider must do. One subclass each says how its protocol spells it.</summary>
public abstract class ModelClientKit
{
    private const string ArgumentSchema = """{"type":"object","properties":{"a":{"type":"integer"}},"required":["a"]}""";

    private static readonly ChatRequest s_hello = new()
    {
        System = [new TextPart("Be brief.")],
        Turns = [new ChatTurn(ChatRole.User, "Hello"), new ChatTurn(ChatRole.Assistant, "Hi"), new ChatTurn(ChatRole.User, "Ünïcødé 🙂")],
        Stop = ["END"],
        MaxTokens = 50,
        Temperature = 0.5,
        TopP = 0.9,
        User = "u1",
    };

    private static readonly ChatRequest s_tools = new()
    {
        Turns =
        [
            new ChatTurn(ChatRole.User, "Call it."), new ChatTurn(ChatRole.Assistant, [new ToolCallPart("abcdefghi", "f", """{"a":1}""")]),
            new ChatTurn(ChatRole.User, [new ToolResultPart("abcdefghi", [new TextPart("R")])]),
        ],
        Tools = [new ChatTool { Name = "f", Description = "d", Schema = ArgumentSchema }],
        ToolChoice = new ToolChoice(ToolChoiceMode.Required),
    };

    private static readonly ChatRequest s_image = new()
    {
        Turns = [new ChatTurn(ChatRole.User, [new TextPart("What is it?"), new ImagePart { MediaType = "image/png", Data = JsonText.Of("iVBORw0KGgo=") }])],
    };

    private static readonly ChatRequest s_format = new()
    {
        Turns = [new ChatTurn(ChatRole.User, "In JSON.")], Format = new AnswerFormat { Name = "n", Schema = ArgumentSchema },
    };

    /// <summary>How the protocol and its provider spell everything.</summary>
    internal abstract KitSamples Samples { get; }

    [Fact]
    public async Task Complete_WholeAnswer_ReadIntoTheNeutralLanguage()
    {
        await using var rig = await KitRig.StartAsync(Samples, StubUpstream.Json(Samples.Whole));

        var answer = await rig.CompleteAsync(s_hello);

        Assert.Equal(("Hi there", FinishReason.Stop), (answer.Result?.Text, answer.Result?.Finish));
        Assert.Equal(new Usage(7, 3, 2), answer.Result?.Usage);
    }

    [Fact]
    public async Task Complete_Request_CarriesEverythingAndTheCredential()
    {
        await using var rig = await KitRig.StartAsync(Samples, StubUpstream.Json(Samples.Whole));

        await rig.CompleteAsync(s_hello);

        var sent = rig.Upstream.Requests.Single();
        AssertSent(Samples.Basics, sent);
        Assert.Equal(["Be brief.", "Hello", "Hi", "Ünïcødé 🙂"], Samples.TextsOf(JsonDocument.Parse(sent.Body).RootElement));
        Assert.Equal(Samples.Target, sent.Target);
        Assert.Contains(Samples.Credential, sent.Headers[Samples.CredentialHeader], StringComparison.Ordinal);
        Assert.Equal("identity", sent.Headers["Accept-Encoding"]);
    }

    [Fact]
    public async Task Stream_Events_TextFinishAndUsage()
    {
        await using var rig = await KitRig.StartAsync(Samples, Samples.Stream([.. Samples.Events]));

        var deltas = await rig.StreamAsync(s_hello);

        Assert.Equal("Hi there", string.Concat(deltas.Select(d => d.Text)));
        Assert.Equal(FinishReason.Stop, deltas.Single(d => d.Finish is not null).Finish);
        Assert.Equal((7L, 3L), (deltas.Last(d => d.Usage is not null).Usage!.Value.InputTokens, deltas.Last(d => d.Usage is not null).Usage!.Value.OutputTokens));
        Assert.All(deltas, d => Assert.Null(d.Error));
        Assert.Equal(Samples.StreamTarget, rig.Upstream.Requests.Single().Target);
    }

    [Fact]
    public async Task Stream_AnySplitOfTheBytes_SameDeltas()
    {
        byte[] whole = [.. Samples.Events.SelectMany(Samples.Bytes)];
        await using var rig = await KitRig.StartAsync(Samples, StubUpstream.Pieces(Samples.StreamType, [whole]));
        var expected = await rig.StreamAsync(s_hello);
        foreach (var size in (int[])[1, 2, 3, 7, 64])
        {
            rig.Upstream.Answers = StubUpstream.Pieces(Samples.StreamType, whole.Chunk(size));
            Assert.Equal(expected, await rig.StreamAsync(s_hello));
        }
    }

    [Fact]
    public async Task Tools_CallAndResult_SentAndAskedFor()
    {
        await using var rig = await KitRig.StartAsync(Samples, StubUpstream.Json(Samples.ToolAnswer));

        var answer = await rig.CompleteAsync(s_tools);

        AssertSent(Samples.Tools, rig.Upstream.Requests.Single());
        Assert.Equal(FinishReason.ToolCalls, answer.Result?.Finish);
        var call = Assert.Single(answer.Result!.Parts.OfType<ToolCallPart>());
        Assert.Equal("f", call.Name);
        Assert.NotEmpty(call.Id);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"a":2}"""), JsonNode.Parse(call.Arguments)), call.Arguments);
    }

    [Fact]
    public async Task Tools_InAStream_NamedOnceArgumentsInOrder()
    {
        await using var rig = await KitRig.StartAsync(Samples, Samples.Stream([.. Samples.ToolEvents]));

        var deltas = await rig.StreamAsync(s_tools);

        var pieces = deltas.Where(d => d.ToolCall is not null).Select(d => d.ToolCall!).ToList();
        Assert.Equal(("f", 0), (pieces[0].Name, pieces[0].Index));
        Assert.False(string.IsNullOrEmpty(pieces[0].Id));
        Assert.All(pieces.Skip(1), piece => Assert.Null(piece.Name));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"a":2}"""), JsonNode.Parse(string.Concat(pieces.Select(piece => piece.Arguments)))));
        Assert.Equal(FinishReason.ToolCalls, deltas.Single(d => d.Finish is not null).Finish);
    }

    [Fact]
    public async Task Images_Bytes_Sent()
    {
        await using var rig = await KitRig.StartAsync(Samples, StubUpstream.Json(Samples.Whole));

        await rig.CompleteAsync(s_image);

        AssertSent(Samples.Image, rig.Upstream.Requests.Single());
    }

    [Fact]
    public async Task Format_Schema_AskedForAndAnsweredAsText()
    {
        await using var rig = await KitRig.StartAsync(Samples, StubUpstream.Json(Samples.JsonAnswer));

        var answer = await rig.CompleteAsync(s_format);

        AssertSent(Samples.Format, rig.Upstream.Requests.Single());
        Assert.Equal(FinishReason.Stop, answer.Result?.Finish);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"a":2}"""), JsonNode.Parse(answer.Result!.Text)));
    }

    [Fact]
    public async Task Usage_EverySort_CountedOnce()
    {
        await using var rig = await KitRig.StartAsync(Samples, StubUpstream.Json(Samples.UsageAnswer));

        Assert.Equal(Samples.Usage, (await rig.CompleteAsync(s_hello)).Result?.Usage);
    }

    [Fact]
    public async Task StopReasons_EachWord_MeansTheSameWholeAndInTheTable()
    {
        await using var rig = await KitRig.StartAsync(Samples, StubUpstream.Json("{}"));
        foreach (var (word, finish) in Samples.StopReasons)
        {
            rig.Upstream.Answers = StubUpstream.Json(Samples.Ended(word));
            Assert.Equal((word, finish), (word, (await rig.CompleteAsync(s_hello)).Result?.Finish));
        }
    }

    [Theory]
    [InlineData(400, ChatErrorKind.Request)]
    [InlineData(401, ChatErrorKind.Configuration)]
    [InlineData(404, ChatErrorKind.UnknownModel)]
    [InlineData(408, ChatErrorKind.Timeout)]
    [InlineData(422, ChatErrorKind.Request)]
    [InlineData(429, ChatErrorKind.Throttled)]
    [InlineData(500, ChatErrorKind.Provider)]
    [InlineData(529, ChatErrorKind.Provider)]
    public async Task Refused_ByStatus_KindAndRetryAfter(int status, ChatErrorKind kind)
    {
        await using var rig = await KitRig.StartAsync(Samples, StubUpstream.Json(Samples.Error("the reason"), status, ("Retry-After", "3")));

        var whole = (await rig.CompleteAsync(s_hello)).Error;
        var streamed = Assert.Single(await rig.StreamAsync(s_hello)).Error;

        Assert.Equal((kind, status, TimeSpan.FromSeconds(3)), (whole?.Kind, whole?.Status, whole?.RetryAfter));
        Assert.Equal(whole, streamed);
        Assert.Equal(kind != ChatErrorKind.Configuration, whole?.Message.Contains("the reason", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Refused_ForLengthOrContent_SaysWhich()
    {
        await using var rig = await KitRig.StartAsync(Samples, StubUpstream.Json(Samples.TooLong, 400));
        var tooLong = (await rig.CompleteAsync(s_hello)).Error;
        Assert.Equal((ChatErrorKind.Request, RefusalReason.ContextLength), (tooLong?.Kind, tooLong?.Reason));

        if (Samples.Forbidden is { } forbidden)
        {
            rig.Upstream.Answers = StubUpstream.Json(forbidden, 400);
            Assert.Equal(RefusalReason.ContentPolicy, (await rig.CompleteAsync(s_hello)).Error?.Reason);
        }
    }

    [Fact]
    public async Task Refused_WithTheKeyInTheWords_KeyIsNotRepeated()
    {
        await using var rig = await KitRig.StartAsync(Samples, StubUpstream.Json(Samples.Error($"bad key {KitRig.Key}"), 401));

        Assert.DoesNotContain(KitRig.Key, (await rig.CompleteAsync(s_hello)).Error!.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(KitRig.Key, rig.Model.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("[1,2")]
    public async Task Malformed_WholeAnswer_SaysSo(string body)
    {
        await using var rig = await KitRig.StartAsync(Samples, StubUpstream.Json(body));

        Assert.Equal(ChatErrorKind.Malformed, (await rig.CompleteAsync(s_hello)).Error?.Kind);
        Assert.Equal(ChatErrorKind.Malformed, (await rig.StreamAsync(s_hello))[^1].Error?.Kind);
    }

    [Fact]
    public async Task Stream_EndsBeforeFinish_IsAnErrorAtEveryEvent()
    {
        await using var rig = await KitRig.StartAsync(Samples, StubUpstream.Json("{}"));
        for (var events = 0; events <= Samples.BeforeContent + 1; events++)
        {
            rig.Upstream.Answers = Samples.Stream([.. Samples.Events.Take(events)]);
            Assert.Equal(ChatErrorKind.Connection, (await rig.StreamAsync(s_hello))[^1].Error?.Kind);
        }
    }

    [Fact]
    public async Task Stream_BrokenOrFailingEvent_IsTheLast()
    {
        var begun = Samples.Events.Take(Samples.BeforeContent + 1).Select(Samples.Bytes).ToList();
        await using var rig = await KitRig.StartAsync(Samples, StubUpstream.Pieces(Samples.StreamType, [.. begun, Samples.BrokenEvent]));
        Assert.Equal(ChatErrorKind.Malformed, (await rig.StreamAsync(s_hello))[^1].Error?.Kind);

        rig.Upstream.Answers = StubUpstream.Pieces(
            Samples.StreamType, [.. begun, Samples.ErrorEvent("it broke"), .. Samples.Events.Skip(Samples.BeforeContent + 1).Select(Samples.Bytes)]);
        Assert.Contains("it broke", (await rig.StreamAsync(s_hello))[^1].Error?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancel_MidStream_HangsUpAtTheProvider()
    {
        await using var rig = await KitRig.StartAsync(
            Samples, StubUpstream.Pieces(Samples.StreamType, Samples.Events.Take(Samples.BeforeContent + 1).Select(Samples.Bytes), thenSilence: true));
        using var cancel = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var delta in rig.Client.StreamAsync(rig.Call(s_hello), cancel.Token))
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
        var rig = await KitRig.StartAsync(Samples, StubUpstream.Json("{}"));
        await rig.DisposeAsync();
        using var connections = new ProviderConnections(TimeProvider.System);

        var answer = await Adapters.For(rig.Model, connections, TimeProvider.System).CompleteAsync(rig.Call(s_hello), default);

        Assert.Equal(ChatErrorKind.Connection, answer.Error?.Kind);
        Assert.Equal(ChatErrorKind.Connection, (await new ProviderProbe(connections, TimeProvider.System).CheckAsync(rig.Model, default))?.Kind);
    }

    [Fact]
    public async Task Health_ByStatus_ServesOrSaysWhatIsWrong()
    {
        await using var rig = await KitRig.StartAsync(Samples, StubUpstream.Json("{}"));
        Assert.Null(await rig.Probe.CheckAsync(rig.Model, default));
        var asked = rig.Upstream.Requests.Single();
        Assert.Equal(("GET", Samples.HealthTarget), (asked.Method, asked.Target));
        Assert.Contains(Samples.Credential, asked.Headers[Samples.CredentialHeader], StringComparison.Ordinal);

        foreach (var (status, kind) in new[] { (401, ChatErrorKind.Configuration), (429, ChatErrorKind.Throttled), (503, ChatErrorKind.Provider) })
        {
            rig.Upstream.Answers = StubUpstream.Json(Samples.Error("the reason"), status);
            Assert.Equal(kind, (await rig.Probe.CheckAsync(rig.Model, default))?.Kind);
        }
    }

    [Fact]
    public async Task Info_OfTheModel_ReadFromItsProvidersOwnWords()
    {
        await using var rig = await KitRig.StartAsync(Samples, StubUpstream.Json(Samples.Info));

        var (info, error) = await rig.Probe.DescribeAsync(rig.Model, default);

        Assert.Null(error);
        Assert.Equal(("m-name", Samples.ContextLength), (info?.Name, info?.ContextLength));
        Assert.Equal(Samples.InfoTarget, rig.Upstream.Requests.Single().Target);

        rig.Upstream.Answers = StubUpstream.Json(Samples.Error("the reason"), 404);
        Assert.NotNull((await rig.Probe.DescribeAsync(rig.Model, default)).Error);
    }

    private static void AssertSent(IReadOnlyList<(string At, string Json)> expected, StubUpstream.Received sent)
    {
        foreach (var (at, json) in expected)
        {
            var found = at.Split('/').Skip(1).Aggregate(JsonNode.Parse(sent.Body), (node, name) => node switch
            {
                JsonObject group => group[name],
                JsonArray list when int.Parse(name, System.Globalization.CultureInfo.InvariantCulture) < list.Count =>
                    list[int.Parse(name, System.Globalization.CultureInfo.InvariantCulture)],
                _ => null,
            });
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), found), $"{at} is {found?.ToJsonString()}, not {json}, in {sent.Text}");
        }
    }
}
