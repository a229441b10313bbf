using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Tests.Conformance;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Gateway.Endpoints;

/// <summary>Models that are asked in the responses protocol, behind a running gateway.</summary>
public sealed class ResponsesModelTests
{
    private const string Thinking = """{"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"Hm"}],"encrypted_content":"E=="}""";

    private static readonly ResponsesSamples s_samples = new();

    /// <summary>Its provider need not say that it speaks the protocol: one model of it does.</summary>
    [Fact]
    public async Task ResponsesClient_OfSuchAModel_BytesCross()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(s_samples.Whole));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(Model("m", upstream)));

        using var response = await gateway.PostToAsync("/v1/responses", """{"model":"chat","input":"Hello","store":true,"tools":[{"type":"web_search"}]}""");

        Assert.Equal(s_samples.Whole, await response.Content.ReadAsStringAsync());
        Assert.Equal("""{"model":"m-name","input":"Hello","store":true,"tools":[{"type":"web_search"}]}""", Assert.Single(upstream.Requests).Text);
    }

    /// <summary>State of a model that was asked before makes the request one that is translated; the protocol stays, and what only it can say.</summary>
    [Fact]
    public async Task ResponsesClient_WithStateOfAnotherModel_IsStillAskedInResponses()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(s_samples.Whole));
        var chat = GatewayHost.Model("gpt", upstream);
        var model = chat with { Name = "gpt-x", Provider = chat.Provider with { Responses = true } };
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(model));

        using var response = await gateway.PostToAsync("/v1/responses", """
            {"model":"chat","metadata":{"a":"b"},"max_tool_calls":2,"store":true,"input":[{"role":"user","content":"A"},
            {"type":"reasoning","summary":[],"encrypted_content":"mm1.claude.SIG"},{"type":"reasoning","summary":[],"encrypted_content":"mm1.gpt.OWN"},
            {"type":"reasoning","summary":[],"encrypted_content":"gAAAA"},{"role":"user","content":"B"}]}
            """);

        var sent = Assert.Single(upstream.Requests);
        Assert.Equal("/v1/responses", sent.Path);
        using var json = JsonDocument.Parse(sent.Text);
        Assert.Equal(["OWN", "gAAAA"], json.RootElement.GetProperty("input").EnumerateArray().Where(i => i.TryGetProperty("encrypted_content", out _)).Select(i => i.GetProperty("encrypted_content").GetString()));
        Assert.Equal((2, "b", false), (json.RootElement.GetProperty("max_tool_calls").GetInt32(), json.RootElement.GetProperty("metadata").GetProperty("a").GetString(), json.RootElement.GetProperty("store").GetBoolean()));
        Assert.Equal("messages.thinking: dropped; store: dropped", response.Headers.GetValues("x-model-migrate-changes").Single());
    }

    /// <summary>What it thought reaches a client of messages, whole and streamed, and comes back to it.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task MessagesClient_ThinkingState_TravelsThereAndBack(bool stream)
    {
        var whole = s_samples.Whole.Replace("\"output\":[", "\"output\":[" + Thinking + ",", StringComparison.Ordinal);
        string[] events =
        [
            s_samples.Events[0],
            "event: response.reasoning_summary_text.delta\ndata: {\"type\":\"response.reasoning_summary_text.delta\",\"item_id\":\"rs_1\",\"output_index\":0,\"summary_index\":0,\"delta\":\"Hm\"}\n\n",
            "event: response.output_item.done\ndata: {\"type\":\"response.output_item.done\",\"output_index\":0,\"item\":" + Thinking + "}\n\n",
            .. s_samples.Events.Skip(2).Select(e => e.Replace("\"output_index\":0", "\"output_index\":1", StringComparison.Ordinal)),
        ];
        await using var upstream = await StubUpstream.StartAsync(stream ? StubUpstream.Events(events) : StubUpstream.Json(whole));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(Model("gpt", upstream) with { Name = "gpt-5", Capabilities = [Abilities.Effort] }));

        using var first = await gateway.PostToAsync("/v1/messages", $$"""
            {"model":"chat","max_tokens":2000,"stream":{{(stream ? "true" : "false")}},"thinking":{"type":"enabled","budget_tokens":1024},"messages":[{"role":"user","content":"A"}]}
            """);
        var told = await first.Content.ReadAsStringAsync();
        upstream.Answers = StubUpstream.Json(whole);
        using var second = await gateway.PostToAsync("/v1/messages", """
            {"model":"chat","max_tokens":99,"messages":[{"role":"user","content":"A"},{"role":"assistant","content":[{"type":"thinking","thinking":"Hm","signature":"mm1.gpt@gpt-provider.E=="},
            {"type":"text","text":"B"}]},{"role":"user","content":"C"}]}
            """);

        Assert.Contains("\"signature\":\"mm1.gpt@gpt-provider.E==\"", told, StringComparison.Ordinal);
        Assert.Contains("\"include\":[\"reasoning.encrypted_content\"]", upstream.Requests.First().Text, StringComparison.Ordinal);
        Assert.Contains("""{"type":"reasoning","summary":[{"type":"summary_text","text":"Hm"}],"encrypted_content":"E=="}""", upstream.Requests.Last().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ChatClient_WhatTheProtocolCannotSay_IsRefusedWhereTheRouteRejectsChanges()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(s_samples.Whole));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(Model("m", upstream)) with { Changes = ChangesPolicy.Reject });

        using var response = await gateway.PostAsync("""{"model":"chat","seed":7,"messages":[{"role":"user","content":"Hello"}]}""");

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Contains("\"param\":\"seed\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(upstream.Requests);
    }

    /// <summary>Servers that only tell an item whole, at its end.</summary>
    [Fact]
    public async Task ChatClient_OfAServerWithoutDeltas_GetsTextAndCallsAllTheSame()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Events(
            s_samples.Events[0], s_samples.Events[^2], s_samples.ToolEvents[^2].Replace("\"output_index\":0", "\"output_index\":1", StringComparison.Ordinal), s_samples.ToolEvents[^1]));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(Model("m", upstream)));

        using var response = await gateway.PostAsync(ChatSamples.Streamed);

        var text = await response.Content.ReadAsStringAsync();
        Assert.Contains("\"content\":\"Hi there\"", text, StringComparison.Ordinal);
        Assert.Contains("\"name\":\"f\"", text, StringComparison.Ordinal);
        Assert.Contains("""{\"a\":2}""", text, StringComparison.Ordinal);
        Assert.Contains("\"finish_reason\":\"tool_calls\"", text, StringComparison.Ordinal);
    }

    /// <summary>An answer that is not ready is no answer.</summary>
    [Theory]
    [InlineData("in_progress")]
    [InlineData("cancelled")]
    [InlineData("failed")]
    public async Task ChatClient_AnswerThatDidNotEnd_IsAnError(string status)
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(s_samples.Whole.Replace("\"status\":\"completed\",\"error\"", $"\"status\":\"{status}\",\"error\"", StringComparison.Ordinal)));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(Model("m", upstream), new RouteLimits { Retries = 0 }));

        using var response = await gateway.PostAsync(ChatSamples.Plain);

        Assert.Equal(502, (int)response.StatusCode);
    }

    private static ModelSnapshot Model(string id, StubUpstream at) => GatewayHost.Model(id, at) with { InResponses = true };
}
