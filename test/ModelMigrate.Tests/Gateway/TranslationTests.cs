using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Gateway;

public sealed partial class TranslationTests
{
    [Fact]
    public async Task Request_EveryCarriedField_ReachesTheMessagesProtocol()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.AnthropicAnswer));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(GatewayHost.Model("a", upstream, ProviderKind.Anthropic)));

        using var response = await gateway.PostAsync("""
            {"model":"chat","messages":[{"role":"developer","content":"Be brief."},{"role":"user","content":[{"type":"text","text":"A"},{"type":"text","text":"B"}]},
            {"role":"assistant","content":"C"},{"role":"user","content":"D"}],"stop":["X","Y"],"max_completion_tokens":9,"temperature":1.6,"top_p":0.5,
            "user":"u","seed":3,"n":1,"tools":[],"presence_penalty":0,"response_format":{"type":"text"}}
            """);

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""
            {"model":"a-name","max_tokens":9,"system":"Be brief.","messages":[
            {"role":"user","content":[{"type":"text","text":"A"},{"type":"text","text":"B"}]},
            {"role":"assistant","content":[{"type":"text","text":"C"}]},{"role":"user","content":[{"type":"text","text":"D"}]}],
            "stop_sequences":["X","Y"],"temperature":1,"top_p":0.5,"metadata":{"user_id":"u"}}
            """), JsonNode.Parse(upstream.Requests.Single().Body)), upstream.Requests.Single().Text);
        Assert.Equal("temperature: clamped 1.6->1; seed: dropped", response.Headers.GetValues("x-model-migrate-changes").Single());
        var sent = upstream.Requests.Single();
        Assert.Equal(("/v1/messages", "a-key", "2023-06-01"), (sent.Path, sent.Headers["x-api-key"], sent.Headers["anthropic-version"]));
        Assert.False(sent.Headers.ContainsKey("Authorization"));
    }

    [Theory]
    [InlineData("/v1/messages", "anthropic-beta", ProviderKind.OpenAi, "anthropic-beta: dropped", false)]
    [InlineData("/v1/messages", "Anthropic-Beta", ProviderKind.Gemini, "anthropic-beta: dropped", false)]
    [InlineData("/v1/messages", "anthropic-beta", ProviderKind.Anthropic, "", true)]
    [InlineData("/v1/messages", "anthropic-version", ProviderKind.OpenAi, "", false)]
    [InlineData("/v1/chat/completions", "OpenAI-Beta", ProviderKind.Anthropic, "openai-beta: dropped", false)]
    [InlineData("/v1/chat/completions", "OpenAI-Beta", ProviderKind.OpenAi, "", true)]
    public async Task BetaHeader_TowardsAnotherVendor_IsReportedAndNotSentAndRefusedWhereChangesAre(string path, string header, ProviderKind kind, string changes, bool isTold)
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(kind switch
        {
            ProviderKind.Anthropic => ChatSamples.AnthropicAnswer,
            ProviderKind.OpenAi => ChatSamples.Answer,
            _ => """{"candidates":[{"content":{"role":"model","parts":[{"text":"Hi"}]},"finishReason":"STOP"}],"modelVersion":"g"}""",
        }));
        var route = GatewayHost.Route(GatewayHost.Model("m", upstream, kind));
        await using var gateway = await GatewayHost.StartAsync(route);
        var body = """{"model":"chat","max_tokens":9,"messages":[{"role":"user","content":"Hello"}]}""";

        using var reported = await gateway.PostToAsync(path, body, (header, "2023-06-01"));
        gateway.Publish(route with { Changes = ChangesPolicy.Reject });
        using var rejected = await gateway.PostToAsync(path, body, (header, "2023-06-01"));

        Assert.Equal(HttpStatusCode.OK, reported.StatusCode);
        Assert.Equal(changes, reported.Headers.TryGetValues("x-model-migrate-changes", out var said) ? said.Single() : "");
        Assert.Equal(changes.Length == 0 ? HttpStatusCode.OK : HttpStatusCode.BadRequest, rejected.StatusCode);
        Assert.Equal(changes.Length == 0 ? 2 : 1, upstream.Requests.Count);
        Assert.Equal(isTold, upstream.Requests.First().Headers.ContainsKey(header));
    }

    [Fact]
    public async Task Answer_Whole_IsAChatCompletionWithCachedTokensCountedOnce()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.AnthropicAnswer));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(GatewayHost.Model("a", upstream, ProviderKind.Anthropic)));

        using var response = await gateway.PostAsync(ChatSamples.Plain);

        Assert.Equal(
            """{"id":"msg_1","object":"chat.completion","created":1767225600,"model":"a-2026","choices":[{"index":0,"message":{"role":"assistant","content":"Hi there","refusal":null},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10,"prompt_tokens_details":{"cached_tokens":2}}}""",
            await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Answer_Streamed_RoleTextFinishUsageEnd(bool asksUsage)
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Events(ChatSamples.AnthropicEvents));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(GatewayHost.Model("a", upstream, ProviderKind.Anthropic)));

        using var response = await gateway.PostAsync(ChatSamples.Streamed.Replace(
            "\"stream\":true", asksUsage ? "\"stream\":true,\"stream_options\":{\"include_usage\":true}" : "\"stream\":true", StringComparison.Ordinal));
        var events = (await response.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal("data: [DONE]", events[^1]);
        var chunks = events[..^1].Select(text => JsonDocument.Parse(text["data: ".Length..]).RootElement).ToList();
        Assert.All(chunks, c => Assert.Equal(("msg_1", "a-2026"), (c.GetProperty("id").GetString(), c.GetProperty("model").GetString())));
        Assert.Equal(
            ["""{"role":"assistant","content":""}""", """{"content":"Hi"}""", """{"content":" there"}""", "{}"],
            chunks.Take(4).Select(c => c.GetProperty("choices")[0].GetProperty("delta").GetRawText()));
        Assert.Equal("stop", chunks[3].GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        Assert.Equal(asksUsage ? 5 : 4, chunks.Count);
        Assert.True(!asksUsage || chunks[4].GetProperty("usage").GetProperty("prompt_tokens").GetInt32() == 7);
    }

    [Theory]
    [InlineData("end_turn", "stop")]
    [InlineData("stop_sequence", "stop")]
    [InlineData("max_tokens", "length")]
    [InlineData("refusal", "content_filter")]
    public async Task StopReason_OfTheProvider_InTheClientsWords(string theirs, string ours)
    {
        await using var upstream = await StubUpstream.StartAsync(
            StubUpstream.Json(ChatSamples.AnthropicAnswer.Replace("end_turn", theirs, StringComparison.Ordinal)));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(GatewayHost.Model("a", upstream, ProviderKind.Anthropic)));

        using var response = await gateway.PostAsync(ChatSamples.Plain);

        Assert.Contains($"\"finish_reason\":\"{ours}\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, "invalid_request_error", HttpStatusCode.BadRequest, "invalid_request_error")]
    [InlineData(401, "authentication_error", HttpStatusCode.BadGateway, "upstream_configuration")]
    [InlineData(404, "not_found_error", HttpStatusCode.NotFound, "model_not_found")]
    [InlineData(429, "rate_limit_error", HttpStatusCode.TooManyRequests, "rate_limit_error")]
    [InlineData(529, "overloaded_error", (HttpStatusCode)529, "overloaded_error")]
    public async Task Error_OfTheProvider_ShapedForTheClient(int status, string type, HttpStatusCode expected, string code)
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(
            $$$"""{"type":"error","error":{"type":"{{{type}}}","message":"because"}}""", status));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(
            GatewayHost.Model("a", upstream, ProviderKind.Anthropic), new RouteLimits { Retries = 0 }));

        using var response = await gateway.PostAsync(ChatSamples.Plain);
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());

        Assert.Equal(expected, response.StatusCode);
        Assert.Equal(code, body.RootElement.GetProperty("error").GetProperty("code").GetString());
    }

    /// <summary>Streams that the agentgateway project (Apache-2.0) records from the provider, padding spaces and all.</summary>
    [Theory]
    [InlineData("stream_basic", "Hi there! How are you doing today? Is there anything I can help you with?", 15, 21)]
    [InlineData("stream_message_delta_usage", "", 34347, 49)]
    public async Task Recorded_Streams_TextAndUsage(string name, string text, int input, int output)
    {
        var recorded = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Gateway", "Recordings", name + ".sse"));
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Events(recorded));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(GatewayHost.Model("a", upstream, ProviderKind.Anthropic)));

        using var response = await gateway.PostAsync(
            """{"model":"chat","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"Hello"}]}""");
        var got = await response.Content.ReadAsStringAsync();

        Assert.Equal(text, string.Concat(Contents().Matches(got).Select(m => m.Groups["text"].Value)));
        Assert.Contains($"\"usage\":{{\"prompt_tokens\":{input},\"completion_tokens\":{output},", got, StringComparison.Ordinal);
        Assert.EndsWith("data: [DONE]\n\n", got, StringComparison.Ordinal);
    }

    [GeneratedRegex("\"content\":\"(?<text>[^\"]*)\"", RegexOptions.NonBacktracking)]
    private static partial Regex Contents();
}
