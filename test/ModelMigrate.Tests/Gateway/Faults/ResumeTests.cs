using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Gateway.Faults;

/// <summary>How a broken stream is gone on with, beyond what the matrix says.</summary>
public sealed class ResumeTests
{
    private const string Structured =
        """{"model":"chat","stream":true,"response_format":{"type":"json_object"},"messages":[{"role":"user","content":"Hello"}]}""";

    private const string WithTools =
        """{"model":"chat","stream":true,"tools":[{"type":"function","function":{"name":"look","parameters":{"type":"object"}}}],"messages":[{"role":"user","content":"Hello"}]}""";

    private const string TwoChoices = """{"model":"chat","stream":true,"n":2,"messages":[{"role":"user","content":"Hello"}]}""";

    [Theory]
    [InlineData(Structured)]
    [InlineData(WithTools)]
    [InlineData(TwoChoices)]
    public async Task Resume_RequestForMoreThanPlainText_ErrorEventAndNoSecondCall(string request)
    {
        await using var upstream = await StubUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, ProviderKind.OpenAi);

        var text = await CutAsync(gateway, upstream, new FaultProtocol(ProviderKind.OpenAi), request);

        Assert.Contains("\"error\"", text, StringComparison.Ordinal);
        Assert.Single(upstream.Requests);
    }

    /// <summary>Duplicated text after a continuation (litellm 32835), and the whole cost unseen: the answer is one, both calls are paid and charged.</summary>
    [Fact]
    public async Task Resume_ByPrefill_OneAnswerOfOneIdAndBothCallsCounted()
    {
        var protocol = new FaultProtocol(ProviderKind.Anthropic);
        await using var upstream = await StubUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, ProviderKind.Anthropic);
        var then = protocol.Continuation(protocol.Rest);
        var request = ChatSamples.Streamed.Replace("\"stream\":true", "\"stream\":true,\"stream_options\":{\"include_usage\":true}", StringComparison.Ordinal);

        var text = await CutAsync(gateway, upstream, protocol, request, then);

        var chunks = text.Split("\n\n").Where(e => e.StartsWith("data: {", StringComparison.Ordinal)).Select(e => JsonDocument.Parse(e[6..]).RootElement).ToList();
        Assert.Single(chunks.Select(c => c.GetProperty("id"u8).GetString()).Distinct());
        Assert.Equal(["", "Hi", " there"], chunks.SelectMany(c => c.GetProperty("choices"u8).EnumerateArray())
            .Where(c => c.GetProperty("delta"u8).TryGetProperty("content"u8, out _)).Select(c => c.GetProperty("delta"u8).GetProperty("content"u8).GetString()));
        Assert.EndsWith("data: [DONE]\n\n", text, StringComparison.Ordinal);
        Assert.Contains(": resumed by prefill, model s\n\n", text, StringComparison.Ordinal);
        Assert.Equal(3, chunks[^1].GetProperty("usage"u8).GetProperty("completion_tokens"u8).GetInt64());

        // 7 tokens in and 1 out until the cut, 7 and 3 behind it; 1 USD for 1,000 in and 2 USD for 1,000 out.
        var ended = Assert.Single(gateway.Ended());
        Assert.Equal((Outcome.Error, false, 0.022m), (ended.Outcome, ended.UserError, ended.Cost));
    }

    [Theory]
    [InlineData(ProviderKind.OpenAi)]
    [InlineData(ProviderKind.Anthropic)]
    public async Task Resume_ByPrefill_WhiteSpaceAtItsEndIsLeftOutAndNotSaidTwice(ProviderKind kind)
    {
        var protocol = new FaultProtocol(kind);
        await using var upstream = await StubUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, kind);

        var text = await CutAsync(
            gateway, upstream, protocol, ChatSamples.Streamed, protocol.Continuation(protocol.Rest), first: e => e.Replace("\"Hi\"", "\"Hi \"", StringComparison.Ordinal));

        Assert.Contains("\"Hi \"", text, StringComparison.Ordinal);
        Assert.Contains("\"there\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\"Hi \"", upstream.Requests.Last().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resume_ByPrefill_StaysWithinTheClientsTokens()
    {
        var protocol = new FaultProtocol(ProviderKind.OpenAi);
        await using var upstream = await StubUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, ProviderKind.OpenAi);

        await CutAsync(
            gateway, upstream, protocol, ChatSamples.Streamed.Replace("\"stream\":true", "\"stream\":true,\"max_tokens\":10", StringComparison.Ordinal), protocol.Continuation(protocol.Rest));

        using var sent = JsonDocument.Parse(upstream.Requests.Last().Body);
        Assert.Equal(9, sent.RootElement.GetProperty("max_completion_tokens"u8).GetInt32());
    }

    [Fact]
    public async Task Resume_TokensUsedUp_ErrorEvent()
    {
        await using var upstream = await StubUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, ProviderKind.OpenAi);

        var text = await CutAsync(
            gateway, upstream, new FaultProtocol(ProviderKind.OpenAi),
            ChatSamples.Streamed.Replace("\"stream\":true", "\"stream\":true,\"max_tokens\":1", StringComparison.Ordinal));

        Assert.Contains("\"error\"", text, StringComparison.Ordinal);
        Assert.Single(upstream.Requests);
    }

    [Fact]
    public async Task Resume_AskedAgainWithASeed_TemperatureStays()
    {
        var protocol = new FaultProtocol(ProviderKind.OpenAi);
        await using var upstream = await StubUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, ProviderKind.OpenAi, prefill: false);

        var text = await CutAsync(
            gateway, upstream, protocol, ChatSamples.Streamed.Replace("\"stream\":true", "\"stream\":true,\"seed\":7,\"temperature\":0.5", StringComparison.Ordinal),
            protocol.Ok(stream: true), headers: ("Idempotency-Key", "one"));

        Assert.Contains(": resumed by asking again, model s\n\n", text, StringComparison.Ordinal);
        Assert.Contains("\"temperature\":0.5", upstream.Requests.Last().Text, StringComparison.Ordinal);

        // The second call is another request than the one that the client's key stands for.
        Assert.Equal([true, false], upstream.Requests.Select(r => r.Headers.ContainsKey("Idempotency-Key")));
    }

    /// <summary>The rejected prefill hid the error that had come first (litellm 27967): the client is told of the cut.</summary>
    [Fact]
    public async Task Resume_PrefillRejected_ClientSeesTheFirstError()
    {
        var protocol = new FaultProtocol(ProviderKind.Anthropic);
        await using var upstream = await StubUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, ProviderKind.Anthropic);

        var text = await CutAsync(
            gateway, upstream, protocol, ChatSamples.Streamed, protocol.Error(400, "This model does not support assistant message prefill.", "invalid_request_error"));

        Assert.Contains("broke off in the middle of its answer", text, StringComparison.Ordinal);
        Assert.DoesNotContain("prefill", text, StringComparison.Ordinal);
        Assert.Equal((Outcome.Error, true), (gateway.Ended().Single() is var ended ? (ended.Outcome, ended.UserError) : default));
    }

    [Fact]
    public async Task Resume_NoRetriesLeft_ErrorEvent()
    {
        await using var upstream = await StubUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, ProviderKind.OpenAi, retries: 0);

        var text = await CutAsync(gateway, upstream, new FaultProtocol(ProviderKind.OpenAi), ChatSamples.Streamed);

        Assert.Contains("\"error\"", text, StringComparison.Ordinal);
        Assert.Single(upstream.Requests);
    }

    /// <summary>A response that is translated is resumed as a chat is: one message of one answer, whose last event has all of it.</summary>
    [Theory]
    [InlineData(ProviderKind.OpenAi)]
    [InlineData(ProviderKind.Anthropic)]
    public async Task Resume_OfATranslatedResponse_OneAnswerToItsLastEvent(ProviderKind kind)
    {
        var protocol = new FaultProtocol(kind);
        await using var upstream = await StubUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, kind);

        var text = await CutAsync(gateway, upstream, protocol, """{"model":"chat","stream":true,"input":"Hello"}""", protocol.Continuation(protocol.Rest), path: "/v1/responses");

        var events = text.Split("\n\n").Where(e => e.Contains("data: {", StringComparison.Ordinal)).Select(e => JsonDocument.Parse(e[e.IndexOf('{', StringComparison.Ordinal)..]).RootElement).ToList();
        Assert.Equal(Enumerable.Range(0, events.Count), events.Select(e => e.GetProperty("sequence_number"u8).GetInt32()));
        Assert.Single(events, e => e.GetProperty("type"u8).ValueEquals("response.output_item.added"u8));
        Assert.Equal("response.completed", events[^1].GetProperty("type"u8).GetString());
        Assert.Equal("Hi there", events[^1].GetProperty("response"u8).GetProperty("output"u8)[0].GetProperty("content"u8)[0].GetProperty("text"u8).GetString());
        Assert.Contains(": resumed by prefill, model s\n\n", text, StringComparison.Ordinal);
    }

    private static Task<GatewayHost> StartAsync(StubUpstream upstream, ProviderKind kind, bool prefill = true, int retries = 2)
    {
        var source = GatewayHost.Model("s", upstream, kind) with { Prefill = prefill };
        return GatewayHost.StartAsync(GatewayHost.Migrating(
            source, GatewayHost.Model("t", upstream, kind), new RouteLimits { Retries = retries }, weightPpm: 1) with { OnCut = CutPolicy.Resume });
    }

    /// <summary>Everything that the client got of a stream whose first call is cut after one token.</summary>
    private static Task<string> CutAsync(
        GatewayHost gateway, StubUpstream upstream, FaultProtocol protocol, string request, StubUpstream.Answer? then = null, Func<string, string>? first = null,
        string path = "/v1/chat/completions", params (string, string)[] headers)
    {
        var events = string.Concat(protocol.FirstToken);
        return CutStream.ReadAsync(gateway, upstream, first?.Invoke(events) ?? events, "\"Hi", then, path, request, headers);
    }
}
