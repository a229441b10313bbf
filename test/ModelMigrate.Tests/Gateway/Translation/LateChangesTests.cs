using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Tests.Conformance;
using ModelMigrate.Tests.Gateway.Faults;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Gateway.Translation;

/// <summary>What a translated stream loses after its headers have left is told in a comment before its end mark, by the route's policy.</summary>
public sealed class LateChangesTests
{
    private const string Comment = ": x-model-migrate-changes: answer.annotations: dropped\n\n";

    private static readonly ResponsesSamples s_responses = new();

    /// <summary>The client's protocol, the provider's, and the client's end mark.</summary>
    public static TheoryData<string, string, string> Pairs => new()
    {
        { "chat", "responses", "data: [DONE]" },
        { "messages", "chat", "event: message_stop" },
        { "messages", "responses", "event: message_stop" },
        { "responses", "chat", "event: response.completed" },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Stream_LosesSomethingLate_SaysSoInACommentBeforeItsEnd(string client, string provider, string end)
    {
        var (text, headers) = await StreamAsync(client, provider, Annotated(provider));

        Assert.Equal(2, text.Split(Comment).Length);
        Assert.InRange(text.IndexOf(Comment, StringComparison.Ordinal), text.IndexOf("there", StringComparison.Ordinal), text.IndexOf(end, StringComparison.Ordinal));
        Assert.Equal(("Hi there", "stop", null), FaultClient.Of(client).Read(text, stream: true));
        Assert.DoesNotContain("answer.", headers, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Stream_LosesNothing_SaysNothing(string client, string provider, string end)
    {
        var (text, _) = await StreamAsync(client, provider, FaultProtocol.Of(provider).Stream);

        Assert.DoesNotContain("x-model-migrate", text, StringComparison.Ordinal);
        Assert.Contains(end, text, StringComparison.Ordinal);
    }

    /// <summary>Neither where the route is silent, nor where it sends no headers of the kind.</summary>
    [Theory]
    [InlineData(ChangesPolicy.Silent, ResponseHeadersMode.Full)]
    [InlineData(ChangesPolicy.Report, ResponseHeadersMode.None)]
    public async Task Stream_OnAQuietRoute_SaysNothing(ChangesPolicy changes, ResponseHeadersMode headers)
    {
        foreach (var pair in (IEnumerable<object[]>)Pairs)
        {
            var (client, provider) = ((string)pair[0], (string)pair[1]);
            var (text, _) = await StreamAsync(client, provider, Annotated(provider), changes, headers);

            Assert.DoesNotContain("x-model-migrate", text, StringComparison.Ordinal);
            Assert.Equal(("Hi there", "stop", null), FaultClient.Of(client).Read(text, stream: true));
        }
    }

    /// <summary>A stream that breaks ends with its error event alone.</summary>
    [Fact]
    public async Task Stream_ThatBreaks_EndsWithItsErrorEvent()
    {
        var protocol = new FaultProtocol(ProviderKind.OpenAi);
        var (text, _) = await StreamAsync("messages", "chat", [.. Annotated("chat")[..4], protocol.ErrorEvent], breaks: true);

        Assert.DoesNotContain("x-model-migrate", text, StringComparison.Ordinal);
        Assert.Contains("event: error", text, StringComparison.Ordinal);
    }

    /// <summary>The words after the text carry a source, which no other protocol has a place for.</summary>
    private static string[] Annotated(string provider) => provider == "chat"
        ? [.. ChatSamples.Chunks[..3], ChatSamples.Chunks[2].Replace("\"content\":\" there\"", "\"annotations\":[{\"type\":\"url_citation\"}]", StringComparison.Ordinal), .. ChatSamples.Chunks[3..]]
        : [.. s_responses.Events.Select(e => e.Replace("\"annotations\":[]", "\"annotations\":[{\"type\":\"url_citation\"}]", StringComparison.Ordinal))];

    private static async Task<(string Text, string Headers)> StreamAsync(
        string client, string provider, string[] events, ChangesPolicy changes = ChangesPolicy.Report, ResponseHeadersMode headers = ResponseHeadersMode.Full,
        bool breaks = false)
    {
        var (asks, speaks) = (FaultClient.Of(client), FaultProtocol.Of(provider));
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Events(events));
        var model = GatewayHost.Model("m", upstream, speaks.Kind) with { InResponses = speaks.InResponses };
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(model) with { Changes = changes, ResponseHeaders = headers });

        using var response = await gateway.PostToAsync(asks.Path, asks.Request(stream: true));
        var text = breaks ? await BrokenStream.ReadAsync(response) : await response.Content.ReadAsStringAsync();
        return (text, response.Headers.TryGetValues("x-model-migrate-changes", out var told) ? told.Single() : "");
    }
}
