using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Gateway;

/// <summary>An OpenAI client with tools, images and formats before an Anthropic provider.</summary>
public sealed class ToolTranslationTests
{
    private const string Tools = """[{"type":"function","function":{"name":"weather","description":"d","parameters":{"type":"object","properties":{"city":{"type":"string"}}}}},{"type":"function","function":{"name":"now"}}]""";

    private const string JsonFormat =
        "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"n\",\"schema\":{\"type\":\"object\",\"properties\":{\"city\":{}}},\"strict\":true}}";

    private static readonly string[] ToolEvents =
    [
        "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"a-2026\",\"content\":[],\"stop_reason\":null,\"usage\":{\"input_tokens\":5,\"output_tokens\":1}}}\n\n",
        "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n",
        "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Look\"}}\n\n",
        "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n",
        "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":1,\"content_block\":{\"type\":\"tool_use\",\"id\":\"t1\",\"name\":\"weather\",\"input\":{}}}\n\n",
        "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"\"}}\n\n",
        "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"city\\\": \\\"Pa\"}}\n\n",
        "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"ris\\\"}\"}}\n\n",
        "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":1}\n\n",
        "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":2,\"content_block\":{\"type\":\"tool_use\",\"id\":\"t2\",\"name\":\"now\",\"input\":{}}}\n\n",
        "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":2}\n\n",
        "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"tool_use\",\"stop_sequence\":null},\"usage\":{\"output_tokens\":30}}\n\n",
        "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n",
    ];

    [Fact]
    public async Task Request_ToolsCallsResultsAndImages_ReachTheMessagesProtocol()
    {
        await using var rig = await Rig.StartAsync(StubUpstream.Json(ChatSamples.AnthropicAnswer));

        using var response = await rig.PostAsync($$$"""
            {"model":"chat","messages":[{"role":"system","content":"S"},{"role":"user","content":[{"type":"text","text":"A"},
            {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}},{"type":"image_url","image_url":{"url":"https://x/y.png","detail":"low"}}]},
            {"role":"assistant","content":"","tool_calls":[{"id":"c:1","type":"function","function":{"name":"weather","arguments":"{\"city\": 1.0}"}},
            {"id":"c2","type":"function","function":{"name":"now","arguments":""}}]},
            {"role":"tool","tool_call_id":"c:1","content":"rain"},{"role":"tool","tool_call_id":"c2","content":[{"type":"text","text":"noon"}]},
            {"role":"user","content":"And?"}],"tools":{{{Tools}}},"tool_choice":"required","parallel_tool_calls":false,"max_tokens":9}
            """);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        AssertJson("""
            {"model":"a-name","max_tokens":9,"system":"S","messages":[
            {"role":"user","content":[{"type":"text","text":"A"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}},
            {"type":"image","source":{"type":"url","url":"https://x/y.png"}}]},
            {"role":"assistant","content":[{"type":"tool_use","id":"c_1","name":"weather","input":{"city":1.0}},{"type":"tool_use","id":"c2","name":"now","input":{}}]},
            {"role":"user","content":[{"type":"tool_result","tool_use_id":"c_1","content":"rain"},{"type":"tool_result","tool_use_id":"c2","content":"noon"},
            {"type":"text","text":"And?"}]}],
            "tools":[{"name":"weather","description":"d","input_schema":{"type":"object","properties":{"city":{"type":"string"}}}},{"name":"now","input_schema":{"type":"object"}}],
            "tool_choice":{"type":"any","disable_parallel_tool_use":true}}
            """, rig.Sent);
        Assert.Equal("messages.image_url.detail: dropped; messages.tool_calls.id: renamed plain letters x2", Changes(response));
    }

    [Theory]
    [InlineData("\"auto\"", """{"type":"auto"}""")]
    [InlineData("\"none\"", """{"type":"none"}""")]
    [InlineData("""{"type":"function","function":{"name":"now"}}""", """{"type":"tool","name":"now"}""")]
    public async Task ToolChoice_OfTheClient_InTheProvidersWords(string theirs, string ours)
    {
        await using var rig = await Rig.StartAsync(StubUpstream.Json(ChatSamples.AnthropicAnswer));

        using var response = await rig.PostAsync(With($"\"tools\":{Tools},\"tool_choice\":{theirs}"));

        AssertJson(ours, JsonNode.Parse(rig.Sent)!["tool_choice"]!.ToJsonString());
    }

    [Fact]
    public async Task Answer_StreamedCalls_EachDeltaOnceInOrderWithIdsAndNames()
    {
        await using var rig = await Rig.StartAsync(StubUpstream.Events(ToolEvents));

        using var response = await rig.PostAsync(With($"\"stream\":true,\"tools\":{Tools}"));
        var choices = Chunks(await response.Content.ReadAsStringAsync());

        Assert.Equal(
        [
            """{"role":"assistant","content":""}""", """{"content":"Look"}""",
            """{"tool_calls":[{"index":0,"id":"t1","type":"function","function":{"name":"weather","arguments":""}}]}""",
            """{"tool_calls":[{"index":0,"function":{"arguments":"{\"city\": \"Pa"}}]}""",
            """{"tool_calls":[{"index":0,"function":{"arguments":"ris\"}"}}]}""",
            """{"tool_calls":[{"index":1,"id":"t2","type":"function","function":{"name":"now","arguments":""}}]}""",
            """{"tool_calls":[{"index":1,"function":{"arguments":"{}"}}]}""",
            "{}",
        ], choices.Select(c => c.GetProperty("delta").GetRawText()));
        Assert.Equal("tool_calls", choices[^1].GetProperty("finish_reason").GetString());
    }

    [Fact]
    public async Task Answer_WholeCalls_ArgumentsAsTheProviderWroteThem()
    {
        await using var rig = await Rig.StartAsync(StubUpstream.Json("""
            {"id":"msg_1","type":"message","role":"assistant","model":"a-2026","content":[{"type":"thinking","thinking":"Hm","signature":"SIG=="},{"type":"tool_use","id":"t1","name":"weather","input":{"city": 1.0}}],"stop_reason":"tool_use","usage":{"input_tokens":5,"output_tokens":3}}
            """));

        using var response = await rig.PostAsync(With($"\"tools\":{Tools}"));

        Assert.Contains(
            """
            "message":{"role":"assistant","content":null,"refusal":null,"reasoning_content":"Hm","reasoning_signature":"mm1.a.SIG==","tool_calls":[{"id":"t1","type":"function","function":{"name":"weather","arguments":"{\"city\": 1.0}"}}]},"logprobs":null,"finish_reason":"tool_calls"
            """.Trim(), await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ResponseFormat_Schema_IsAForcedToolWhoseArgumentsAreTheText()
    {
        await using var rig = await Rig.StartAsync(StubUpstream.Events([
            .. ToolEvents.Take(1),
            .. ToolEvents.Skip(4).Take(5).Select(e => e.Replace("\"weather\"", "\"answer_in_json\"", StringComparison.Ordinal)), .. ToolEvents.Skip(11),
        ]));

        using var response = await rig.PostAsync(With(
            "\"stream\":true," + JsonFormat));
        var choices = Chunks(await response.Content.ReadAsStringAsync());

        AssertJson("""
            {"tools":[{"name":"answer_in_json","description":"Give your whole answer as this tool's arguments.","input_schema":{"type":"object","properties":{"city":{}}}}],
            "tool_choice":{"type":"tool","name":"answer_in_json","disable_parallel_tool_use":true}}
            """, Only(rig.Sent, "tools", "tool_choice"));
        Assert.Equal("{\"city\": \"Paris\"}", string.Concat(choices.Select(c => c.GetProperty("delta").TryGetProperty("content", out var text) ? text.GetString() : "")));
        Assert.Equal("stop", choices[^1].GetProperty("finish_reason").GetString());
        Assert.Equal("response_format: renamed tool", Changes(response));
    }

    [Fact]
    public async Task ResponseFormat_SchemaOnAModelThatKnowsThem_IsTheProtocolsOwnWord()
    {
        await using var rig = await Rig.StartAsync(StubUpstream.Json(ChatSamples.AnthropicAnswer), model => model with { Capabilities = [Abilities.StructuredOutputs] });

        using var response = await rig.PostAsync(With(JsonFormat));

        AssertJson("""{"output_config":{"format":{"type":"json_schema","schema":{"type":"object","properties":{"city":{}}}}}}""", Only(rig.Sent, "tools", "output_config"));
        Assert.Equal("", Changes(response));
    }

    [Theory]
    [InlineData(null, null, "reasoning_effort: dropped")]
    [InlineData(Abilities.Effort, """{"thinking":{"type":"adaptive"},"output_config":{"effort":"high"}}""", "")]
    [InlineData(Abilities.ThinkingBudget, """{"thinking":{"type":"enabled","budget_tokens":6000}}""", "reasoning_effort: renamed thinking.budget_tokens 6000")]
    public async Task ReasoningEffort_ByTheModelsAbility(string? ability, string? sent, string changes)
    {
        await using var rig = await Rig.StartAsync(
            StubUpstream.Json(ChatSamples.AnthropicAnswer), model => model with { Capabilities = ability is null ? [] : [ability] });

        using var response = await rig.PostAsync(With("\"reasoning_effort\":\"high\",\"max_completion_tokens\":8000"));

        AssertJson(sent ?? "{}", Only(rig.Sent, "thinking", "output_config"));
        Assert.Equal(changes, Changes(response));
    }

    [Fact]
    public async Task Changes_Rejected_Is400NamingAllAndTheProviderIsNotAsked()
    {
        await using var rig = await Rig.StartAsync(StubUpstream.Json(ChatSamples.AnthropicAnswer), policy: ChangesPolicy.Reject);

        using var response = await rig.PostAsync(With("\"temperature\":1.4,\"logprobs\":true"));
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("unsupported_parameter", body.RootElement.GetProperty("error").GetProperty("code").GetString());
        Assert.Contains("temperature: clamped 1.4->1; logprobs: dropped", body.RootElement.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Empty(rig.Upstream.Requests);
        using var plain = await rig.PostAsync(ChatSamples.Plain);
        Assert.Equal(HttpStatusCode.OK, plain.StatusCode);
    }

    [Fact]
    public async Task Changes_Silent_ServesAndSaysNothing()
    {
        await using var rig = await Rig.StartAsync(StubUpstream.Json(ChatSamples.AnthropicAnswer), policy: ChangesPolicy.Silent);

        using var response = await rig.PostAsync(With("\"temperature\":1.4"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.False(response.Headers.Contains("x-model-migrate-changes"));
    }

    [Theory]
    [InlineData("mm1.a.SIG==", true)]
    [InlineData("mm1.gpt.", false)]
    [InlineData("mm1.glm.SIG==", false)]
    public async Task Thinking_OfAnotherFamily_IsStrippedAndReported(string signature, bool isKept)
    {
        await using var rig = await Rig.StartAsync(StubUpstream.Json(ChatSamples.AnthropicAnswer));

        using var response = await rig.PostAsync(
            $$"""{"model":"chat","messages":[{"role":"user","content":"A"},{"role":"assistant","content":"B","reasoning_content":"T","reasoning_signature":"{{signature}}"},{"role":"user","content":"C"}]}""");

        Assert.Equal(isKept, rig.Sent.Contains("""{"type":"thinking","thinking":"T","signature":"SIG=="}""", StringComparison.Ordinal));
        Assert.Equal(isKept ? "" : "messages.thinking: dropped", Changes(response));
    }

    private static string With(string fields) => ChatSamples.Plain.Replace("{\"model\"", $"{{{fields},\"model\"", StringComparison.Ordinal);

    private static string Changes(HttpResponseMessage response) =>
        response.Headers.TryGetValues("x-model-migrate-changes", out var values) ? values.Single() : "";

    private static List<JsonElement> Chunks(string events) =>
        [.. events.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)[..^1].Select(text => JsonDocument.Parse(text["data: ".Length..]).RootElement.GetProperty("choices")[0])];

    private static string Only(string json, params string[] names) =>
        new JsonObject(JsonNode.Parse(json)!.AsObject().Where(p => names.Contains(p.Key)).Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone()))).ToJsonString();

    /// <summary>Anthropic's tools may have names of 128 characters, OpenAI's of 64: two that begin alike stay two, and their calls come back under their own.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ToolNames_LongerThanTheProtocolTakes_AreShortenedReportedAndGivenBack(bool stream)
    {
        var (one, two) = (new string('x', 70) + "_one", new string('x', 70) + "_two");
        await using var upstream = await StubUpstream.StartAsync(async (context, received) =>
        {
            var called = JsonNode.Parse(received.Body)!["tools"]![1]!["function"]!["name"]!.GetValue<string>();
            var call = $$$"""{"index":0,"id":"c","type":"function","function":{"name":"{{{called}}}","arguments":"{}"}}""";
            await (stream
                ? StubUpstream.Events(
                    $$$"""data: {"id":"a","model":"m","choices":[{"index":0,"delta":{"tool_calls":[{{{call}}}]}}]}""" + "\n\n",
                    """data: {"id":"a","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}""" + "\n\n", "data: [DONE]\n\n")
                : StubUpstream.Json($$$"""{"id":"a","model":"m","choices":[{"index":0,"message":{"role":"assistant","tool_calls":[{{{call}}}]},"finish_reason":"tool_calls"}]}"""))(context, received);
        });
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(GatewayHost.Model("m", upstream)));

        using var response = await gateway.PostToAsync("/v1/messages", $$$"""
            {"model":"chat","max_tokens":9,"stream":{{{(stream ? "true" : "false")}}},"tools":[{"name":"{{{one}}}","input_schema":{"type":"object"}},{"name":"{{{two}}}","input_schema":{"type":"object"}}],
            "tool_choice":{"type":"tool","name":"{{{two}}}"},"messages":[{"role":"user","content":"Hello"},
            {"role":"assistant","content":[{"type":"tool_use","id":"t","name":"{{{one}}}","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"1"}]}]}
            """);
        var answer = await response.Content.ReadAsStringAsync();

        Assert.Contains($"\"name\":\"{two}\"", answer, StringComparison.Ordinal);
        var sent = JsonNode.Parse(upstream.Requests.Single().Body)!;
        string[] names = [.. sent["tools"]!.AsArray().Select(tool => tool!["function"]!["name"]!.GetValue<string>())];
        Assert.All(names, name => Assert.Matches("^x{55}_[0-9a-f]{8}$", name));
        Assert.Equal(2, names.Distinct().Count());
        Assert.Equal(names[1], sent["tool_choice"]!["function"]!["name"]!.GetValue<string>());
        Assert.Equal(names[0], sent["messages"]![1]!["tool_calls"]![0]!["function"]!["name"]!.GetValue<string>());
        Assert.Equal($"tools.name: renamed {names[0]}; tools.name: renamed {names[1]}", response.Headers.GetValues("x-model-migrate-changes").Single());
    }

    private static void AssertJson(string expected, string actual) => Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(actual)), actual);

    private sealed class Rig(StubUpstream upstream, GatewayHost gateway) : IAsyncDisposable
    {
        public StubUpstream Upstream => upstream;

        public string Sent => upstream.Requests.Single().Text;

        public static async Task<Rig> StartAsync(
            StubUpstream.Answer answer, Func<ModelSnapshot, ModelSnapshot>? change = null, ChangesPolicy policy = ChangesPolicy.Report)
        {
            var upstream = await StubUpstream.StartAsync(answer);
            var model = GatewayHost.Model("a", upstream, ProviderKind.Anthropic);
            return new Rig(upstream, await GatewayHost.StartAsync(GatewayHost.Route(change?.Invoke(model) ?? model) with { Changes = policy }));
        }

        public Task<HttpResponseMessage> PostAsync(string body) => gateway.PostAsync(body);

        public async ValueTask DisposeAsync()
        {
            await gateway.DisposeAsync();
            await upstream.DisposeAsync();
        }
    }
}
