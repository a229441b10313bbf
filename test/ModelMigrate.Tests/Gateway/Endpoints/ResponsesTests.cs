using System.Net;
using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Core.Routing.Strategies;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Gateway.Endpoints;

public sealed class ResponsesTests
{
    private const string Path = "/v1/responses";
    private const string Body = """{"model":"chat","input":"Hello"}""";
    private const string Streamed = """{"model":"chat","input":"Hello","stream":true}""";

    private const string Answer = """
        {"id":"resp_1","object":"response","status":"completed","error":null,"model":"r-2026","output":[{"type":"message","id":"m1","role":"assistant","content":[{"type":"output_text","text":"Hi","annotations":[]}]}],"usage":{"input_tokens":7,"input_tokens_details":{"cached_tokens":2},"output_tokens":3,"output_tokens_details":{"reasoning_tokens":1},"total_tokens":10}}
        """;

    private static readonly string[] s_events =
    [
        "event: response.created\ndata: {\"type\":\"response.created\",\"sequence_number\":0,\"response\":{\"id\":\"resp_1\",\"object\":\"response\",\"status\":\"in_progress\",\"model\":\"r-2026\",\"output\":[]}}\n\n",
        "event: response.output_item.added\ndata: {\"type\":\"response.output_item.added\",\"sequence_number\":1,\"output_index\":0,\"item\":{\"type\":\"message\",\"id\":\"m1\"}}\n\n",
        "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"sequence_number\":2,\"item_id\":\"m1\",\"output_index\":0,\"content_index\":0,\"delta\":\"Hi\"}\n\n",
        "event: response.completed\ndata: {\"type\":\"response.completed\",\"sequence_number\":3,\"response\":" + Answer + "}\n\n",
    ];

    [Fact]
    public async Task Native_Whole_BytesCrossAndAreMetered()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(Answer));
        var model = Speaking("m", upstream);
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Migrating(model, model));

        using var response = await gateway.PostToAsync(Path, """{"reasoning":{"effort":"low"},"tools":[{"type":"web_search"}],"model":"chat","input":"Hello"}""");

        Assert.Equal(Answer, await response.Content.ReadAsStringAsync());
        var sent = Assert.Single(upstream.Requests);
        Assert.Equal(("/v1/responses", """{"reasoning":{"effort":"low"},"tools":[{"type":"web_search"}],"model":"m-name","input":"Hello"}"""), (sent.Path, sent.Text));
        var ended = Assert.Single(gateway.Ended());
        Assert.Equal((Outcome.Ok, 7, 3, "r-2026"), (ended.Outcome, ended.InputTokens, ended.OutputTokens, ended.ModelVersion));
    }

    [Fact]
    public async Task Native_Stream_EventsCrossOneByOneWithoutAnEndMark()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Events(s_events));
        var model = Speaking("m", upstream);
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Migrating(model, model));

        using var response = await gateway.PostToAsync(Path, Streamed);

        Assert.Equal(string.Concat(s_events), await response.Content.ReadAsStringAsync());
        Assert.True(Assert.Single(gateway.Ended()) is { Outcome: Outcome.Ok, InputTokens: 7, OutputTokens: 3, FirstToken: not null });
    }

    [Theory]
    [InlineData("event: response.failed\ndata: {\"type\":\"response.failed\",\"response\":{\"id\":\"resp_1\",\"status\":\"failed\",\"error\":{\"code\":\"server_error\",\"message\":\"Broken.\"}}}\n\n")]
    [InlineData("event: error\ndata: {\"type\":\"error\",\"code\":\"server_error\",\"message\":\"Broken.\"}\n\n")]
    [InlineData("data: {\"type\":\n\n")]
    public async Task Native_FailedBeforeContent_IsRescued(string failure)
    {
        await using var source = await StubUpstream.StartAsync(StubUpstream.Events(s_events));
        await using var target = await StubUpstream.StartAsync(StubUpstream.Events(s_events[0], failure));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Migrating(Speaking("s", source), Speaking("t", target)));

        using var response = await gateway.PostToAsync(Path, Streamed);

        Assert.Equal(string.Concat(s_events), await response.Content.ReadAsStringAsync());
        Assert.True(Assert.Single(gateway.Ended()) is { Outcome: Outcome.Error, Rescued: true });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stream_CutAfterItBegan_EndsInAnErrorEvent(bool native)
    {
        string[] begun = native ? s_events[..3] : [.. ChatSamples.AnthropicEvents.Take(4)];
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.EventsThenSilence(begun));
        var model = native ? Speaking("m", upstream) : GatewayHost.Model("m", upstream, ProviderKind.Anthropic);
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(model));

        using var response = await gateway.PostToAsync(Path, Streamed);
        Assert.Single(upstream.Requests).Cut.SetResult();
        var got = new MemoryStream();
        await Assert.ThrowsAnyAsync<Exception>(() => response.Content.CopyToAsync(got));

        var text = System.Text.Encoding.UTF8.GetString(got.ToArray());
        Assert.Contains("event: error\ndata: {\"type\":\"error\",\"sequence_number\":", text, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"upstream_unreachable\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("response.completed", text, StringComparison.Ordinal);
    }

    /// <summary>To a chat model of the same vendor, and to one of another protocol.</summary>
    [Theory]
    [InlineData(ProviderKind.OpenAi, "chatcmpl")]
    [InlineData(ProviderKind.Anthropic, "msg")]
    public async Task Translated_Whole_IsAResponse(ProviderKind kind, string _)
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(kind == ProviderKind.OpenAi ? ChatSamples.Answer : ChatSamples.AnthropicAnswer));
        var model = GatewayHost.Model("m", upstream, kind);
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Migrating(model, model));

        using var response = await gateway.PostToAsync(Path, """{"model":"chat","instructions":"Be brief.","input":"Hello","max_output_tokens":9,"store":true,"include":["reasoning.encrypted_content"]}""");
        using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());

        var root = answer.RootElement;
        Assert.Equal("response", root.GetProperty("object").GetString());
        Assert.Equal("completed", root.GetProperty("status").GetString());
        Assert.Equal("Hi there", root.GetProperty("output")[0].GetProperty("content")[0].GetProperty("text").GetString());
        Assert.Equal(10, root.GetProperty("usage").GetProperty("total_tokens").GetInt32());
        Assert.Equal(2, root.GetProperty("usage").GetProperty("input_tokens_details").GetProperty("cached_tokens").GetInt32());
        Assert.Equal("store: dropped; include: dropped", response.Headers.GetValues("x-model-migrate-changes").Single());
        Assert.Equal(kind == ProviderKind.OpenAi ? "/v1/chat/completions" : "/v1/messages", Assert.Single(upstream.Requests).Path);
        Assert.Equal((Outcome.Ok, 7, 3), Assert.Single(gateway.Ended()) is var ended ? (ended.Outcome, ended.InputTokens, ended.OutputTokens) : default);
    }

    [Theory]
    [InlineData(ProviderKind.OpenAi)]
    [InlineData(ProviderKind.Anthropic)]
    public async Task Translated_Stream_TellsTheAnswerEventByEvent(ProviderKind kind)
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Events(kind == ProviderKind.OpenAi ? ChatSamples.Chunks : ChatSamples.AnthropicEvents));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(GatewayHost.Model("m", upstream, kind)));

        using var response = await gateway.PostToAsync(Path, Streamed);
        var events = (await response.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(
            [
                "response.created", "response.in_progress", "response.output_item.added", "response.content_part.added", "response.output_text.delta", "response.output_text.delta",
                "response.output_text.done", "response.content_part.done", "response.output_item.done", "response.completed",
            ],
            events.Select(e => e.Split('\n')[0]["event: ".Length..]));
        using var last = JsonDocument.Parse(events[^1][events[^1].IndexOf('{', StringComparison.Ordinal)..]);
        Assert.Equal("Hi there", last.RootElement.GetProperty("response").GetProperty("output")[0].GetProperty("content")[0].GetProperty("text").GetString());
        Assert.Equal(10, last.RootElement.GetProperty("response").GetProperty("usage").GetProperty("total_tokens").GetInt32());
    }

    /// <summary>What came from a family of models goes back to it, and to nobody else; so does what OpenAI encrypted itself.</summary>
    [Fact]
    public async Task Translated_ThinkingState_GoesBackToItsFamilyOnly()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.AnthropicAnswer));
        var model = GatewayHost.Model("claude", upstream, ProviderKind.Anthropic);
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(model));

        using var response = await gateway.PostToAsync(Path, """
            {"model":"chat","input":[{"role":"user","content":"A"},{"type":"reasoning","id":"r1","summary":[{"type":"summary_text","text":"T"}],"encrypted_content":"mm1.claude.SIG"},
            {"type":"reasoning","id":"r2","summary":[{"type":"summary_text","text":"U"}],"encrypted_content":"gAAAA"},{"type":"function_call","call_id":"c","name":"f","arguments":"{}"},
            {"type":"function_call_output","call_id":"c","output":"R"}],"tools":[{"type":"function","name":"f","parameters":{"type":"object"}}]}
            """);

        var sent = Assert.Single(upstream.Requests).Text;
        Assert.Contains("\"signature\":\"SIG\"", sent, StringComparison.Ordinal);
        Assert.DoesNotContain("gAAAA", sent, StringComparison.Ordinal);
        Assert.Equal("messages.thinking: dropped", response.Headers.GetValues("x-model-migrate-changes").Single());
    }

    [Fact]
    public async Task Translated_ThinkingStateOfAnAnswer_IsGivenToTheClientToSendBack()
    {
        var thinking = ChatSamples.AnthropicAnswer.Replace(
            "\"content\":[", "\"content\":[{\"type\":\"thinking\",\"thinking\":\"Hm\",\"signature\":\"SIG\"},", StringComparison.Ordinal);
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(thinking));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(GatewayHost.Model("claude", upstream, ProviderKind.Anthropic)));

        using var response = await gateway.PostToAsync(Path, Body);

        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        var reasoning = json.RootElement.GetProperty("output")[0];
        Assert.Equal(("reasoning", "Hm", "mm1.claude.SIG"), (
            reasoning.GetProperty("type").GetString(), reasoning.GetProperty("summary")[0].GetProperty("text").GetString(),
            reasoning.GetProperty("encrypted_content").GetString()));
    }

    [Fact]
    public async Task Previous_AfterARollback_StaysWithItsHolderUncounted()
    {
        await using var source = await StubUpstream.StartAsync(StubUpstream.Json(Answer.Replace("resp_1", "resp_source", StringComparison.Ordinal)));
        await using var target = await StubUpstream.StartAsync(StubUpstream.Json(Answer.Replace("resp_1", "resp_target", StringComparison.Ordinal)));
        var route = GatewayHost.Migrating(Speaking("s", source), Speaking("t", target));
        await using var gateway = await GatewayHost.StartAsync(route);
        (await gateway.PostToAsync(Path, Body)).Dispose();
        gateway.Publish(route with { Split = route.Split! with { WeightPpm = 0 } });
        Assert.Single(gateway.Ended());

        using var further = await gateway.PostToAsync(Path, """{"model":"chat","input":"More","previous_response_id":"resp_target"}""");
        using var begun = await gateway.PostToAsync(Path, Body);

        Assert.Equal("t", further.Headers.GetValues("x-model-migrate-model").Single());
        Assert.Equal("s", begun.Headers.GetValues("x-model-migrate-model").Single());
        Assert.Empty(gateway.Ended());
    }

    [Fact]
    public async Task Previous_FailedAtItsHolder_IsNobodyElses()
    {
        await using var source = await StubUpstream.StartAsync(StubUpstream.Json(Answer));
        await using var target = await StubUpstream.StartAsync(StubUpstream.Json(Answer.Replace("resp_1", "resp_target", StringComparison.Ordinal)));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Migrating(Speaking("s", source), Speaking("t", target), new RouteLimits { Retries = 0 }));
        (await gateway.PostToAsync(Path, Body)).Dispose();
        target.Answers = StubUpstream.Json("""{"error":{"message":"no"}}""", 500);

        using var further = await gateway.PostToAsync(Path, """{"model":"chat","input":"More","previous_response_id":"resp_target"}""");

        Assert.Equal(500, (int)further.StatusCode);
        Assert.Empty(source.Requests);
    }

    /// <summary>Of a model with several endpoints only one holds the answer, whatever the strategy would choose.</summary>
    [Fact]
    public async Task Previous_OfAModelWithSeveralEndpoints_StaysWithTheOneThatAnswered()
    {
        await using var first = await StubUpstream.StartAsync(StubUpstream.Json(Answer.Replace("resp_1", "resp_first", StringComparison.Ordinal)));
        await using var second = await StubUpstream.StartAsync(StubUpstream.Json(Answer.Replace("resp_1", "resp_second", StringComparison.Ordinal)));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(Both(first, second)) with { Strategy = EndpointStrategy.RoundRobin });
        (await gateway.PostToAsync(Path, Body)).Dispose();
        (await gateway.PostToAsync(Path, Body)).Dispose();
        Assert.Equal((1, 1), (first.Requests.Count, second.Requests.Count));

        for (var i = 0; i < 3; i++)
        {
            foreach (var holder in new[] { "first", "second" })
            {
                using var further = await gateway.PostToAsync(Path, $$"""{"model":"chat","input":"More","previous_response_id":"resp_{{holder}}"}""");
                Assert.Equal(holder + "-provider", further.Headers.GetValues("x-model-migrate-endpoint").Single());
            }
        }

        using var got = await gateway.Http.GetAsync(new Uri(gateway.Url, "/v1/responses/resp_second"));
        Assert.Equal("GET", second.Requests.Last().Method);
        Assert.DoesNotContain(first.Requests, r => r.Method == "GET");
    }

    [Fact]
    public async Task Previous_OfAModelWithSeveralEndpoints_AfterARestartAllAreAsked()
    {
        await using var first = await StubUpstream.StartAsync(Holding("resp_1", holds: false));
        await using var second = await StubUpstream.StartAsync(Holding("resp_1", holds: true));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(Both(first, second)));

        using var further = await gateway.PostToAsync(Path, """{"model":"chat","input":"More","previous_response_id":"resp_1"}""");

        Assert.Equal("second-provider", further.Headers.GetValues("x-model-migrate-endpoint").Single());
        Assert.Equal(["GET"], first.Requests.Select(r => r.Method));
    }

    /// <summary>The other endpoint has never heard of the answer: the one that holds it is tried again, after a pause.</summary>
    [Fact]
    public async Task Previous_FailedAtItsEndpoint_IsNotTheOtherEndpoints()
    {
        await using var first = await StubUpstream.StartAsync(StubUpstream.Json(Answer));
        await using var second = await StubUpstream.StartAsync(StubUpstream.Json(Answer));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(Both(first, second), new RouteLimits { Retries = 1 }) with { Strategy = EndpointStrategy.RoundRobin });
        (await gateway.PostToAsync(Path, Body)).Dispose();
        var (holder, other) = first.Requests.IsEmpty ? (second, first) : (first, second);
        holder.Answers = StubUpstream.Json("""{"error":{"message":"no"}}""", 500);

        var pending = gateway.PostToAsync(Path, """{"model":"chat","input":"More","previous_response_id":"resp_1"}""");
        await Waiting.UntilAsync(() => gateway.Clock.NextDelay is not null || pending.IsCompleted);
        Assert.Equal(2, holder.Requests.Count);
        gateway.Clock.Advance(TimeSpan.FromSeconds(2));
        using var further = await pending;

        Assert.Equal((500, 3), ((int)further.StatusCode, holder.Requests.Count));
        Assert.Empty(other.Requests);
    }

    /// <summary>After a restart nothing is remembered: the providers are asked which of them holds it.</summary>
    [Fact]
    public async Task Previous_NotRemembered_IsAskedFor()
    {
        await using var source = await StubUpstream.StartAsync(Holding("resp_1", holds: false));
        await using var target = await StubUpstream.StartAsync(Holding("resp_1", holds: true));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Migrating(Speaking("s", source), Speaking("t", target), weightPpm: 0));

        using var further = await gateway.PostToAsync(Path, """{"model":"chat","input":"More","previous_response_id":"resp_1"}""");

        Assert.Equal("t", further.Headers.GetValues("x-model-migrate-model").Single());
        Assert.Equal(["/v1/responses/resp_1"], source.Requests.Select(r => r.Path));
    }

    [Theory]
    [InlineData("resp_lost", "No provider of the route 'chat' holds")]
    [InlineData("resp_mm1_msg_1", "was translated from another protocol")]
    public async Task Previous_HeldByNobody_IsRefused(string id, string says)
    {
        await using var upstream = await StubUpstream.StartAsync(Holding("resp_1", holds: false));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Migrating(Speaking("s", upstream), Speaking("t", upstream)));

        using var response = await gateway.PostToAsync(Path, $$"""{"model":"chat","input":"More","previous_response_id":"{{id}}"}""");

        Assert.Equal(400, (int)response.StatusCode);
        var text = await response.Content.ReadAsStringAsync();
        Assert.Contains("\"code\":\"previous_response_not_found\"", text, StringComparison.Ordinal);
        Assert.Contains(says, text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("GET", "/input_items?limit=2")]
    [InlineData("DELETE", "")]
    [InlineData("POST", "/cancel")]
    public async Task Held_Asked_GoesToTheHolder(string method, string rest)
    {
        await using var other = await StubUpstream.StartAsync(Holding("resp_1", holds: false));
        await using var holder = await StubUpstream.StartAsync(Holding("resp_1", holds: true));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(Speaking("s", other), fallback: Speaking("t", holder)));
        using var message = new HttpRequestMessage(new HttpMethod(method), new Uri(gateway.Url, "/v1/responses/resp_1" + rest));

        using var response = await gateway.Http.SendAsync(message);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Answer, await response.Content.ReadAsStringAsync());
        Assert.Equal("/v1/responses/resp_1" + rest.Split('?')[0], Assert.Single(holder.Requests).Path);
        Assert.Equal("Bearer t-key", holder.Requests.Single().Headers["Authorization"]);
    }

    [Fact]
    public async Task Held_ByNobody_Is404InTheClientsProtocol()
    {
        await using var other = await StubUpstream.StartAsync(Holding("resp_1", holds: false));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(Speaking("s", other)));

        using var response = await gateway.Http.GetAsync(new Uri(gateway.Url, "/v1/responses/resp_2"));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("\"code\":\"response_not_found\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static StubUpstream.Answer Holding(string id, bool holds) => (context, received) =>
        (received.Path.StartsWith("/v1/responses/" + id, StringComparison.Ordinal) || received.Path == "/v1/responses") && holds
            ? StubUpstream.Json(Answer)(context, received)
            : StubUpstream.Json("""{"error":{"message":"not found"}}""", 404)(context, received);

    /// <summary>One model at two providers that keep answers.</summary>
    private static ModelSnapshot Both(StubUpstream first, StubUpstream second)
    {
        ModelSnapshot[] endpoints = [Speaking("first", first) with { Id = new ModelId("m"), IsEndpoint = true }, Speaking("second", second) with { Id = new ModelId("m"), IsEndpoint = true }];
        return endpoints[0] with { IsEndpoint = false, Endpoints = endpoints, Fingerprint = "both" };
    }

    private static ModelSnapshot Speaking(string id, StubUpstream at)
    {
        var model = GatewayHost.Model(id, at);
        return model with { Provider = model.Provider with { Responses = true } };
    }
}
