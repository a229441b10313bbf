using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Gateway;

/// <summary>A client of the messages protocol.</summary>
public sealed class MessagesTests
{
    private const string Hello = """{"model":"chat","max_tokens":9,"messages":[{"role":"user","content":"Hello"}]}""";

    [Fact]
    public async Task Native_Body_PassesUntouchedButForTheModel()
    {
        await using var rig = await Rig.StartAsync(StubUpstream.Json(ChatSamples.AnthropicAnswer), ProviderKind.Anthropic);
        const string Body = """{ "max_tokens":9,"x_new":{"model":"no"}, "model" : "chat","messages":[{"role":"user","content":[{"type":"new_block"}]}],"temperature":1e0 }""";

        using var response = await rig.PostAsync(Body, ("anthropic-beta", "b-1"), ("anthropic-version", "2023-06-01"), ("x-api-key", "mine"));

        Assert.Equal(ChatSamples.AnthropicAnswer, await response.Content.ReadAsStringAsync());
        var sent = rig.Upstream.Requests.Single();
        Assert.Equal(Body.Replace("\"chat\"", "\"m-name\"", StringComparison.Ordinal), sent.Text);
        Assert.Equal(("/v1/messages", "m-key", "b-1", "2023-06-01"), (sent.Path, sent.Headers["x-api-key"], sent.Headers["anthropic-beta"], sent.Headers["anthropic-version"]));
        Assert.False(response.Headers.Contains("x-model-migrate-changes"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(10_000)]
    public async Task Native_Stream_SameBytesInAnySplitAndIsObserved(int size)
    {
        var events = string.Concat(ChatSamples.AnthropicEvents);
        await using var source = await StubUpstream.StartAsync(StubUpstream.Events([.. events.Chunk(size).Select(piece => new string(piece))]));
        var model = GatewayHost.Model("m", source, ProviderKind.Anthropic);
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Migrating(model, model));

        using var response = await PostAsync(gateway, Hello.Replace("{\"model\"", "{\"stream\":true,\"model\"", StringComparison.Ordinal));

        Assert.Equal(events, await response.Content.ReadAsStringAsync());
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        var ended = Assert.Single(gateway.Ended());
        Assert.Equal((Outcome.Ok, 7L, 3L, "a-2026"), (ended.Outcome, ended.InputTokens, ended.OutputTokens, ended.ModelVersion));
        Assert.NotNull(ended.FirstToken);
    }

    [Theory]
    [InlineData(ProviderKind.OpenAi)]
    [InlineData(ProviderKind.Anthropic)]
    public async Task Native_CutBeforeAnyContent_IsRescuedBySourceOfEitherProtocol(ProviderKind kind)
    {
        await using var source = await StubUpstream.StartAsync(
            kind == ProviderKind.OpenAi ? StubUpstream.Events(ChatSamples.Chunks) : StubUpstream.Events(ChatSamples.AnthropicEvents));
        await using var target = await StubUpstream.StartAsync(StubUpstream.EventsThenSilence([.. ChatSamples.AnthropicEvents.Take(3)]));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Migrating(
            GatewayHost.Model("s", source, kind), GatewayHost.Model("t", target, ProviderKind.Anthropic)));

        var asked = PostAsync(gateway, Hello.Replace("{\"model\"", "{\"stream\":true,\"model\"", StringComparison.Ordinal));
        while (!target.Requests.TryPeek(out _))
        {
            await Task.Yield();
        }

        // The head, an empty block and a ping are on their way, and nothing of the answer is.
        await target.Requests.Single().Waiting.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.False(asked.IsCompleted);
        target.Requests.Single().Cut.SetResult();
        using var response = await asked;

        var text = await response.Content.ReadAsStringAsync();
        Assert.Contains("\"text\":\"Hi\"", text, StringComparison.Ordinal);
        Assert.EndsWith("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n", text, StringComparison.Ordinal);
        var ended = Assert.Single(gateway.Ended());
        Assert.Equal((Outcome.Error, true), (ended.Outcome, ended.Rescued));
    }

    [Fact]
    public async Task Native_StreamThatIsCut_ErrorEventAndNoOrderlyEnd()
    {
        await using var rig = await Rig.StartAsync(StubUpstream.EventsThenSilence([.. ChatSamples.AnthropicEvents.Take(4)]), ProviderKind.Anthropic);

        using var response = await rig.PostAsync(Hello.Replace("{\"model\"", "{\"stream\":true,\"model\"", StringComparison.Ordinal));
        await using var stream = await response.Content.ReadAsStreamAsync();
        var got = new StringBuilder();
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            var buffer = new byte[4096];
            for (var read = 1; read > 0;)
            {
                read = await stream.ReadAsync(buffer);
                got.Append(Encoding.UTF8.GetString(buffer, 0, read));
                rig.Upstream.Requests.Single().Cut.TrySetResult();
            }
        });

        Assert.Contains("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"The provider 'm-provider' broke off", got.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Native_RefusalOfTheProvider_InItsOwnWords()
    {
        const string Refusal = """{"type":"error","error":{"type":"invalid_request_error","message":"too long"},"request_id":"req_1"}""";
        await using var rig = await Rig.StartAsync(StubUpstream.Json(Refusal, 400), ProviderKind.Anthropic);

        using var response = await rig.PostAsync(Hello);

        Assert.Equal((HttpStatusCode.BadRequest, Refusal), (response.StatusCode, await response.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task Translated_Request_EverythingBothCanSay()
    {
        await using var rig = await Rig.StartAsync(StubUpstream.Json(ChatSamples.Answer), ProviderKind.OpenAi);

        using var response = await rig.PostAsync("""
            {"model":"chat","max_tokens":9,"system":[{"type":"text","text":"S","cache_control":{"type":"ephemeral"}},{"type":"text","text":"T"}],
            "messages":[{"role":"user","content":[{"type":"text","text":"A"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}},
            {"type":"document","title":"d.pdf","source":{"type":"base64","media_type":"application/pdf","data":"BBBB"}}]},
            {"role":"assistant","content":[{"type":"thinking","thinking":"Hm","signature":"SIG"},{"type":"text","text":"B"},{"type":"tool_use","id":"t1","name":"f","input":{"a": 1.0}}]},
            {"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","is_error":true,"content":[{"type":"text","text":"R"},{"type":"image","source":{"type":"url","url":"https://x/y.png"}}]},
            {"type":"text","text":"C"}]}],
            "tools":[{"name":"f","description":"d","input_schema":{"type":"object"}}],"tool_choice":{"type":"any","disable_parallel_tool_use":true},
            "stop_sequences":["X"],"temperature":0.5,"top_k":3,"metadata":{"user_id":"u","team":"t"},"service_tier":"auto",
            "output_config":{"format":{"type":"json_schema","schema":{"type":"object"}}},"thinking":{"type":"enabled","budget_tokens":2000}}
            """);

        AssertJson("""
            {"model":"m-name","messages":[{"role":"system","content":[{"type":"text","text":"S"},{"type":"text","text":"T"}]},
            {"role":"user","content":[{"type":"text","text":"A"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}},
            {"type":"file","file":{"filename":"d.pdf","file_data":"data:application/pdf;base64,BBBB"}}]},
            {"role":"assistant","content":"B","tool_calls":[{"id":"t1","type":"function","function":{"name":"f","arguments":"{\"a\": 1.0}"}}]},
            {"role":"tool","tool_call_id":"t1","content":"R"},
            {"role":"user","content":[{"type":"image_url","image_url":{"url":"https://x/y.png"}},{"type":"text","text":"C"}]}],
            "tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object"}}}],"tool_choice":"required","parallel_tool_calls":false,
            "response_format":{"type":"json_schema","json_schema":{"name":"answer","schema":{"type":"object"},"strict":true}},
            "max_completion_tokens":9,"stop":["X"],"temperature":0.5,"user":"u"}
            """, rig.Upstream.Requests.Single().Text);
        Assert.Equal(
            "messages.cache_control: dropped; messages.thinking: dropped; messages.tool_result.is_error: dropped; messages.tool_result.content: renamed user message; "
            + "top_k: dropped; thinking: dropped; service_tier: dropped; metadata.team: dropped",
            response.Headers.GetValues("x-model-migrate-changes").Single());
    }

    [Fact]
    public async Task Translated_WholeAnswer_IsAMessageWithUsageCountedOnce()
    {
        await using var rig = await Rig.StartAsync(StubUpstream.Json(
            """
            {"id":"c1","model":"m-2026","choices":[{"index":0,"message":{"role":"assistant","content":"Hi","reasoning_content":"Hm","tool_calls":[{"id":"t1","type":"function","function":{"name":"f","arguments":"{\"a\": 1.0}"}}],"annotations":[{}]},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":10,"completion_tokens":3,"prompt_tokens_details":{"cached_tokens":4,"cache_write_tokens":1}}}
            """), ProviderKind.OpenAi);

        using var response = await rig.PostAsync(Hello);

        AssertJson("""
            {"id":"c1","type":"message","role":"assistant","model":"m-2026","content":[{"type":"thinking","thinking":"Hm","signature":"mm1.m."},{"type":"text","text":"Hi"},
            {"type":"tool_use","id":"t1","name":"f","input":{"a":1.0}}],"stop_reason":"tool_use","stop_sequence":null,
            "usage":{"input_tokens":5,"cache_creation_input_tokens":1,"cache_read_input_tokens":4,"output_tokens":3}}
            """, await response.Content.ReadAsStringAsync());
        Assert.Equal("answer.annotations: dropped", response.Headers.GetValues("x-model-migrate-changes").Single());
    }

    [Fact]
    public async Task Translated_Stream_BlocksInOrderAndUsageAtTheEnd()
    {
        await using var rig = await Rig.StartAsync(StubUpstream.Events(
            Chunk("""{"role":"assistant","content":""}"""), Chunk("""{"reasoning_content":"Hm"}"""), Chunk("""{"content":"Hi"}"""),
            Chunk("""{"tool_calls":[{"index":0,"id":"t1","type":"function","function":{"name":"f","arguments":""}}]}"""),
            Chunk("""{"tool_calls":[{"index":0,"function":{"arguments":"{\"a\":"}}]}"""), Chunk("""{"tool_calls":[{"index":0,"function":{"arguments":"1}"}}]}"""),
            Chunk("""{"tool_calls":[{"index":1,"id":"t2","type":"function","function":{"name":"g","arguments":"{}"}}]}"""),
            Chunk("{}").Replace("\"finish_reason\":null", "\"finish_reason\":\"tool_calls\"", StringComparison.Ordinal),
            ChatSamples.UsageChunk, "data: [DONE]\n\n"), ProviderKind.OpenAi);

        using var response = await rig.PostAsync(Hello.Replace("{\"model\"", "{\"stream\":true,\"model\"", StringComparison.Ordinal));
        var events = (await response.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.All(events, text => Assert.Equal(text.Split('\n')[0]["event: ".Length..], JsonNode.Parse(text.Split("data: ")[1])!["type"]!.GetValue<string>()));
        Assert.Equal(
        [
            "message_start",
            """start 0 {"type":"thinking","thinking":"","signature":""}""", """0 {"type":"thinking_delta","thinking":"Hm"}""", """0 {"type":"signature_delta","signature":"mm1.m."}""", "stop 0",
            """start 1 {"type":"text","text":""}""", """1 {"type":"text_delta","text":"Hi"}""", "stop 1",
            """start 2 {"type":"tool_use","id":"t1","name":"f","input":{}}""", """2 {"type":"input_json_delta","partial_json":"{\"a\":"}""",
            """2 {"type":"input_json_delta","partial_json":"1}"}""", "stop 2",
            """start 3 {"type":"tool_use","id":"t2","name":"g","input":{}}""", """3 {"type":"input_json_delta","partial_json":"{}"}""", "stop 3",
            """{"stop_reason":"tool_use","stop_sequence":null} {"input_tokens":7,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":3}""",
            "message_stop",
        ], events.Select(Brief));
    }

    [Theory]
    [InlineData(400, "context_length_exceeded", HttpStatusCode.BadRequest, "invalid_request_error")]
    [InlineData(401, "invalid_api_key", HttpStatusCode.BadGateway, "api_error")]
    [InlineData(429, "rate_limit_exceeded", HttpStatusCode.TooManyRequests, "rate_limit_error")]
    [InlineData(503, "x", HttpStatusCode.ServiceUnavailable, "overloaded_error")]
    public async Task Translated_ErrorOfTheProvider_ShapedForTheClient(int status, string code, HttpStatusCode expected, string type)
    {
        await using var rig = await Rig.StartAsync(
            StubUpstream.Json($$$"""{"error":{"message":"because","type":"t","param":null,"code":"{{{code}}}"}}""", status), ProviderKind.OpenAi);

        using var response = await rig.PostAsync(Hello);
        var body = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

        Assert.Equal(expected, response.StatusCode);
        Assert.Equal(("error", type), (body["type"]!.GetValue<string>(), body["error"]!["type"]!.GetValue<string>()));
        Assert.Equal(status != 401, body["error"]!["message"]!.GetValue<string>().Contains("because", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Mixed_OpenAiSourceAndAnthropicTarget_ServeEitherClient()
    {
        await using var source = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var target = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.AnthropicAnswer));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Migrating(
            GatewayHost.Model("s", source), GatewayHost.Model("t", target, ProviderKind.Anthropic), weightPpm: 500_000));
        var arms = new HashSet<string>();
        for (var i = 0; i < 20; i++)
        {
            using var messages = await PostAsync(gateway, Hello, ("x-user-id", $"u{i}"));
            using var chat = await gateway.PostAsync(ChatSamples.Plain, default, ("x-user-id", $"u{i}"));
            Assert.Contains("\"type\":\"message\"", await messages.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            Assert.Contains("\"choices\"", await chat.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            Assert.Equal(chat.Headers.GetValues("x-model-migrate-arm"), messages.Headers.GetValues("x-model-migrate-arm"));
            arms.Add(messages.Headers.GetValues("x-model-migrate-arm").Single());
        }

        Assert.Equal(2, arms.Count);
        Assert.All(gateway.Ended(), ended => Assert.Equal(Outcome.Ok, ended.Outcome));
    }

    [Theory]
    [InlineData("mm1.m.SIG", true)]
    [InlineData("mm1.gpt.", false)]
    public async Task Native_StateWithAnOrigin_IsTakenOutUnlessItsFamilyGetsIt(string signature, bool isKept)
    {
        await using var rig = await Rig.StartAsync(StubUpstream.Json(ChatSamples.AnthropicAnswer), ProviderKind.Anthropic);

        using var response = await rig.PostAsync($$$"""
            {"model":"chat","max_tokens":9,"messages":[{"role":"user","content":"A"},{"role":"assistant","content":[{"type":"thinking","thinking":"T","signature":"{{{signature}}}"},
            {"type":"server_tool_use","id":"s","name":"n","input":{}},{"type":"text","text":"B"}]},{"role":"user","content":"C"}],"service_tier":"auto","metadata":{"team":1}}
            """);

        var sent = rig.Upstream.Requests.Single().Text;
        Assert.Equal(isKept, sent.Contains("""{"type":"thinking","thinking":"T","signature":"SIG"}""", StringComparison.Ordinal));
        Assert.DoesNotContain("mm1.", sent, StringComparison.Ordinal);
        Assert.Contains("server_tool_use", sent, StringComparison.Ordinal);
        Assert.Contains("\"metadata\":{\"team\":1}", sent, StringComparison.Ordinal);
        Assert.Equal(isKept, !response.Headers.Contains("x-model-migrate-changes"));
    }

    [Fact]
    public async Task Native_ThinkingWhereFamiliesMix_IsTaggedOnItsWayOut()
    {
        var answer = ChatSamples.AnthropicAnswer.Replace(
            "[{\"type\":\"text\"", "[{\"type\":\"thinking\",\"thinking\":\"T\",\"signature\":\"SIG\"},{\"type\":\"text\"", StringComparison.Ordinal);
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(answer));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Migrating(
            GatewayHost.Model("claude", upstream, ProviderKind.Anthropic), GatewayHost.Model("glm", upstream, ProviderKind.Anthropic)));

        using var response = await PostAsync(gateway, Hello.Replace("{\"model\"", "{\"thinking\":{\"type\":\"adaptive\"},\"model\"", StringComparison.Ordinal));

        Assert.Contains("\"signature\":\"mm1.glm.SIG\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CountTokens_AnthropicProvider_PassesAndOthersSayTheyCannot()
    {
        await using var rig = await Rig.StartAsync(StubUpstream.Json("""{"input_tokens":14}"""), ProviderKind.Anthropic);
        using var counted = await PostAsync(rig.Gateway, "/v1/messages/count_tokens", Hello);
        Assert.Equal("""{"input_tokens":14}""", await counted.Content.ReadAsStringAsync());
        Assert.Equal("/v1/messages/count_tokens", rig.Upstream.Requests.Single().Path);
        Assert.Contains("\"m-name\"", rig.Upstream.Requests.Single().Text, StringComparison.Ordinal);

        await using var other = await Rig.StartAsync(StubUpstream.Json("{}"), ProviderKind.OpenAi);
        using var refused = await PostAsync(other.Gateway, "/v1/messages/count_tokens", Hello);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("\"code\":\"unsupported_endpoint\"", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(other.Upstream.Requests);
    }

    [Fact]
    public async Task Models_ByTheVersionHeader_InTheAskersProtocol()
    {
        await using var rig = await Rig.StartAsync(StubUpstream.Json("{}"), ProviderKind.OpenAi);
        using var asked = new HttpRequestMessage(HttpMethod.Get, new Uri(rig.Gateway.Url, "/v1/models"));
        asked.Headers.Add("anthropic-version", "2023-06-01");
        using var response = await rig.Gateway.Http.SendAsync(asked);

        Assert.Equal(
            """{"data":[{"type":"model","id":"chat","display_name":"chat","created_at":"2026-01-01T00:00:00Z"}],"has_more":false,"first_id":"chat","last_id":"chat"}""",
            await response.Content.ReadAsStringAsync());
    }

    /// <summary>What both SDKs ask by <c>models.retrieve</c>.</summary>
    [Theory]
    [InlineData("", """{"id":"chat","object":"model","created":1767225600,"owned_by":"model-migrate"}""")]
    [InlineData("2023-06-01", """{"type":"model","id":"chat","display_name":"chat","created_at":"2026-01-01T00:00:00Z"}""")]
    public async Task Model_ByItsName_InTheAskersProtocol(string version, string expected)
    {
        await using var rig = await Rig.StartAsync(StubUpstream.Json("{}"), ProviderKind.OpenAi);

        using var response = await AskModelAsync(rig.Gateway, "chat", version);

        Assert.Equal((HttpStatusCode.OK, "application/json"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Equal(expected, await response.Content.ReadAsStringAsync());
        Assert.Empty(rig.Upstream.Requests);
    }

    [Theory]
    [InlineData("", "\"type\":\"invalid_request_error\",\"param\":\"model\",\"code\":\"model_not_found\"")]
    [InlineData("2023-06-01", "\"type\":\"not_found_error\"")]
    public async Task Model_ThatIsNone_Is404InTheAskersProtocol(string version, string says)
    {
        await using var rig = await Rig.StartAsync(StubUpstream.Json("{}"), ProviderKind.OpenAi);

        using var response = await AskModelAsync(rig.Gateway, "chatt", version);

        var text = await response.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains(says, text, StringComparison.Ordinal);
        Assert.Contains("model_not_found", text, StringComparison.Ordinal);
        Assert.Contains("The model 'chatt' does not exist. Did you mean 'chat'?", text, StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> AskModelAsync(GatewayHost gateway, string name, string version)
    {
        using var asked = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.Url, "/v1/models/" + name));
        if (version.Length > 0)
        {
            asked.Headers.Add("anthropic-version", version);
        }

        return await gateway.Http.SendAsync(asked);
    }

    private static string Chunk(string delta) =>
        $$"""data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"m-2026","choices":[{"index":0,"delta":{{delta}},"finish_reason":null}]}""" + "\n\n";

    private static string Brief(string text)
    {
        var data = JsonNode.Parse(text.Split("data: ")[1])!;
        return data["type"]!.GetValue<string>() switch
        {
            "content_block_start" => $"start {data["index"]} {data["content_block"]!.ToJsonString(Relaxed)}",
            "content_block_delta" => $"{data["index"]} {data["delta"]!.ToJsonString(Relaxed)}",
            "content_block_stop" => $"stop {data["index"]}",
            "message_delta" => $"{data["delta"]!.ToJsonString(Relaxed)} {data["usage"]!.ToJsonString(Relaxed)}",
            var other => other,
        };
    }

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static void AssertJson(string expected, string actual) => Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(actual)), actual);

    private static Task<HttpResponseMessage> PostAsync(GatewayHost gateway, string body, params (string Name, string Value)[] headers) =>
        PostAsync(gateway, "/v1/messages", body, headers);

    private static Task<HttpResponseMessage> PostAsync(GatewayHost gateway, string path, string body, params (string Name, string Value)[] headers)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway.Url, path)) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        return gateway.Http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead);
    }

    private sealed class Rig(StubUpstream upstream, GatewayHost gateway) : IAsyncDisposable
    {
        public StubUpstream Upstream => upstream;

        public GatewayHost Gateway => gateway;

        public static async Task<Rig> StartAsync(StubUpstream.Answer answer, ProviderKind kind)
        {
            var upstream = await StubUpstream.StartAsync(answer);
            return new Rig(upstream, await GatewayHost.StartAsync(GatewayHost.Route(
                GatewayHost.Model("m", upstream, kind), new RouteLimits { Retries = 0 })));
        }

        public Task<HttpResponseMessage> PostAsync(string body, params (string Name, string Value)[] headers) => MessagesTests.PostAsync(gateway, body, headers);

        public async ValueTask DisposeAsync()
        {
            await gateway.DisposeAsync();
            await upstream.DisposeAsync();
        }
    }
}
