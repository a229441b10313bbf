using System.Collections.Frozen;
using System.Diagnostics;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Core.Routing.Rules;
using ModelMigrate.Tests.Gateway.Faults;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Gateway.Tracing;

/// <summary>What became of a request, read from its spans alone.</summary>
public sealed class RequestTraceTests
{
    private const string Down = """{"error":{"message":"down"}}""";

    [Fact]
    public async Task Answered_ByItsArm_ArmRevisionModelUsageCostAndFinish()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Migrating(GatewayHost.Model("s", upstream), GatewayHost.Model("t", upstream)));
        using var spans = HeardSpans.Of(gateway);
        gateway.Publish(GatewayHost.Migrating(GatewayHost.Model("s", upstream), GatewayHost.Model("t", upstream)));

        using var response = await gateway.PostAsync(ChatSamples.Plain);
        var (request, attempts) = await spans.OneAsync();

        Holds(
            request, ("http.request.method", "POST"), ("http.route", "/v1/chat/completions"), ("http.response.status_code", "200"), ("model_migrate.route", "chat"),
            ("model_migrate.migration", "MIG-1"), ("model_migrate.arm", "target"), ("model_migrate.revision", "2"), ("model_migrate.outcome", "ok"),
            ("model_migrate.answered_by", "t"), ("model_migrate.attempts", "1"), ("model_migrate.cost", "0.013"), ("error.type", ""),
            ("model_migrate.request_id", response.Headers.GetValues("x-model-migrate-request-id").Single()));
        var attempt = Assert.Single(attempts);
        Assert.Equal(("POST /v1/chat/completions", "chat t-name"), (request.DisplayName, attempt.DisplayName));
        Holds(
            attempt, ("gen_ai.operation.name", "chat"), ("gen_ai.provider.name", "openai"), ("gen_ai.request.model", "t-name"), ("gen_ai.response.model", "m-2026"),
            ("gen_ai.usage.input_tokens", "7"), ("gen_ai.usage.output_tokens", "3"), ("gen_ai.response.finish_reasons", "stop"), ("server.address", "127.0.0.1"),
            ("server.port", upstream.Url.Port.ToString(System.Globalization.CultureInfo.InvariantCulture)), ("model_migrate.role", "assigned"),
            ("model_migrate.model", "t"), ("model_migrate.provider", "t-provider"), ("model_migrate.cost", "0.013"), ("error.type", ""));
    }

    [Fact]
    public async Task Retried_BothCallsWithTheirRoles()
    {
        await using var upstream = await StubUpstream.StartAsync();
        upstream.Answers = (context, received) => (upstream.Requests.Count == 1 ? StubUpstream.Json(Down, 500) : StubUpstream.Json(ChatSamples.Answer))(context, received);
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(GatewayHost.Model("m", upstream)));
        using var spans = HeardSpans.Of(gateway);

        var pending = gateway.PostAsync(ChatSamples.Plain);
        while (!pending.IsCompleted)
        {
            // The back-off alone: a limit must not pass while real I/O is slow.
            if (gateway.Clock.NextDelay is { } due)
            {
                gateway.Clock.Advance(due - gateway.Clock.GetUtcNow());
            }

            await Task.Yield();
        }

        (await pending).Dispose();
        var (request, attempts) = await spans.OneAsync();

        Assert.Equal(["assigned error 500", "retry ok "], attempts.Select(Line));
        Assert.Equal([ActivityStatusCode.Error, ActivityStatusCode.Unset], attempts.Select(a => a.Status));
        Holds(request, ("model_migrate.attempts", "2"), ("model_migrate.arm", "source"), ("model_migrate.migration", ""));
        Assert.Equal(ActivityStatusCode.Unset, request.Status);
    }

    [Fact]
    public async Task Rescued_TargetFailedAndSourceAnswered()
    {
        await using var old = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var young = await StubUpstream.StartAsync(StubUpstream.Json(Down, 503));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Migrating(GatewayHost.Model("s", old), GatewayHost.Model("t", young)));
        using var spans = HeardSpans.Of(gateway);

        using var response = await gateway.PostAsync(ChatSamples.Plain);
        var (request, attempts) = await spans.OneAsync();

        Assert.Equal(["assigned error 503", "rescue ok "], attempts.Select(Line));
        Holds(request, ("model_migrate.arm", "target"), ("model_migrate.outcome", "error"), ("model_migrate.rescued", "True"), ("model_migrate.answered_by", "s"));
    }

    [Fact]
    public async Task FellBack_ToTheRoutesNextModel()
    {
        await using var dead = await StubUpstream.StartAsync(StubUpstream.Json("""{"error":{"message":"no such model"}}""", 404));
        await using var other = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(GatewayHost.Model("m", dead), limits: null, GatewayHost.Model("f", other)));
        using var spans = HeardSpans.Of(gateway);

        using var response = await gateway.PostAsync(ChatSamples.Plain);
        var (request, attempts) = await spans.OneAsync();

        Assert.Equal(["assigned error 404", "fallback ok "], attempts.Select(Line));
        Holds(request, ("model_migrate.answered_by", "f"), ("model_migrate.attempts", "2"));
    }

    [Fact]
    public async Task Resumed_BothLegsWithTheirUse()
    {
        var protocol = new FaultProtocol(ProviderKind.OpenAi);
        await using var upstream = await StubUpstream.StartAsync();
        upstream.Answers = (context, received) => upstream.Requests.Count == 1
            ? StubUpstream.Events(string.Concat(protocol.FirstToken))(context, received)
            : protocol.Continuation(protocol.Rest)(context, received);
        await using var gateway = await GatewayHost.StartAsync(
            GatewayHost.Route(GatewayHost.Model("m", upstream) with { Prefill = true }) with { OnCut = CutPolicy.Resume });
        using var spans = HeardSpans.Of(gateway);

        using var response = await gateway.PostAsync(ChatSamples.Streamed);
        Assert.Contains(": resumed by prefill", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var (request, attempts) = await spans.OneAsync();

        Assert.Equal(["assigned error connection", "resume ok "], attempts.Select(Line));
        Holds(request, ("model_migrate.resumed", "True"), ("model_migrate.stream", "True"), ("model_migrate.attempts", "2"), ("model_migrate.outcome", "error"));
        Holds(attempts[1], ("gen_ai.usage.output_tokens", "3"), ("gen_ai.response.finish_reasons", "stop"), ("model_migrate.time_to_first_content", "0"));
    }

    [Fact]
    public async Task Hybrid_TheCopyToTheSourceStandsBesideTheAnswer()
    {
        await using var old = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var young = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        var route = GatewayHost.Migrating(GatewayHost.Model("s", old), GatewayHost.Model("t", young));
        await using var gateway = await GatewayHost.StartAsync(route with { Split = route.Split! with { Hybrid = HybridMode.Hybrid } });
        using var spans = HeardSpans.Of(gateway);

        using var response = await gateway.PostAsync(ChatSamples.Plain);
        await Waiting.UntilAsync(() => spans.All.Count == 3);
        var (_, attempts) = await spans.OneAsync();

        Assert.Equal(["assigned ok ", "compare ok "], attempts.Select(Line));
        Assert.Equal(attempts[1].Id, old.Requests.Single().Headers["traceparent"]);
    }

    [Fact]
    public async Task Cached_HitWithItsModelAndNoAttempt()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(GatewayHost.Model("m", upstream)) with { Cache = CacheLimits.Default });
        using (var first = HeardSpans.Of(gateway))
        {
            using var fresh = await gateway.PostAsync(ChatSamples.Plain);
            var (missed, calls) = await first.OneAsync();
            Holds(missed, ("model_migrate.cache", "miss"));
            Assert.Single(calls);
        }

        using var spans = HeardSpans.Of(gateway);
        using var again = await gateway.PostAsync(ChatSamples.Plain);
        var (request, attempts) = await spans.OneAsync();

        Holds(request, ("model_migrate.cache", "hit"), ("model_migrate.answered_by", "m"), ("model_migrate.revision", "1"), ("model_migrate.attempts", ""));
        Assert.Empty(attempts);
    }

    [Theory]
    [InlineData(ChangesPolicy.Report)]
    [InlineData(ChangesPolicy.Silent)]
    public async Task Changed_DroppedClampedAndRenamed_OnTheAttempt(ChangesPolicy policy)
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.AnthropicAnswer));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(GatewayHost.Model("a", upstream, ProviderKind.Anthropic)) with { Changes = policy });
        using var spans = HeardSpans.Of(gateway);

        using var response = await gateway.PostAsync("""{"model":"chat","seed":7,"temperature":1.6,"messages":[{"role":"user","content":"Hello"}]}""");
        var (_, attempts) = await spans.OneAsync();

        Assert.Equal(policy == ChangesPolicy.Report, response.Headers.Contains("x-model-migrate-changes"));
        Assert.Equal("temperature: clamped 1.6->1 | seed: dropped", HeardSpans.Text(Assert.Single(attempts), "model_migrate.changes"));
    }

    /// <summary>What is left out of a stream is known when its headers have left: the span is the only place that says it.</summary>
    [Fact]
    public async Task Changed_InTheMiddleOfAStream_OnTheAttempt()
    {
        var logprobs = ChatSamples.Chunks[2].Replace("\"finish_reason\"", "\"logprobs\":{\"content\":[]},\"finish_reason\"", StringComparison.Ordinal);
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Events([.. ChatSamples.Chunks[..2], logprobs, logprobs, .. ChatSamples.Chunks[3..]]));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(GatewayHost.Model("m", upstream)));
        using var spans = HeardSpans.Of(gateway);

        using var response = await gateway.PostToAsync("/v1/messages", """{"model":"chat","stream":true,"max_tokens":9,"messages":[{"role":"user","content":"Hello"}]}""");
        await response.Content.ReadAsStringAsync();
        var (_, attempts) = await spans.OneAsync();

        Assert.False(response.Headers.Contains("x-model-migrate-changes"));
        Assert.Equal("answer.logprobs: dropped", HeardSpans.Text(Assert.Single(attempts), "model_migrate.changes"));
    }

    [Fact]
    public async Task Changed_ABlockOfAnAnthropicStream_OnTheAttempt()
    {
        const string Block = "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":1,\"content_block\":{\"type\":\"server_tool_use\",\"id\":\"x\",\"name\":\"web_search\",\"input\":{}}}\n\n"
            + "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":1}\n\n";
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Events([.. ChatSamples.AnthropicEvents[..6], Block, .. ChatSamples.AnthropicEvents[6..]]));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(GatewayHost.Model("a", upstream, ProviderKind.Anthropic)));
        using var spans = HeardSpans.Of(gateway);

        using var response = await gateway.PostAsync(ChatSamples.Streamed);
        await response.Content.ReadAsStringAsync();
        var (_, attempts) = await spans.OneAsync();

        Assert.Equal("answer.server_tool_use: dropped", HeardSpans.Text(Assert.Single(attempts), "model_migrate.changes"));
    }

    [Fact]
    public async Task Refused_BeforeItIsRouted_ItsCodeAndNoAttempt()
    {
        await using var upstream = await StubUpstream.StartAsync();
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(GatewayHost.Model("m", upstream)));
        using var spans = HeardSpans.Of(gateway);

        using var response = await gateway.PostAsync(ChatSamples.Plain.Replace("\"chat\"", "\"other\"", StringComparison.Ordinal));
        var (request, attempts) = await spans.OneAsync();

        Holds(request, ("http.response.status_code", "404"), ("error.type", "model_not_found"), ("model_migrate.route", ""));
        Assert.Empty(attempts);
    }

    [Fact]
    public async Task Ruled_TheRuleAndItsModel()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        var rule = new RouteRule { Name = "pinned", To = RuleDestination.Model, Model = GatewayHost.Model("r", upstream), Users = new[] { "u" }.ToFrozenSet(StringComparer.Ordinal) };
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(GatewayHost.Model("m", upstream)) with { Rules = [rule] });
        using var spans = HeardSpans.Of(gateway);

        using var response = await gateway.PostAsync(ChatSamples.Plain, default, ("x-user-id", "u"));
        var (request, _) = await spans.OneAsync();

        Holds(request, ("model_migrate.rule", "pinned"), ("model_migrate.answered_by", "r"));
    }

    [Fact]
    public async Task PassedOnAndCounted_OneCallEach()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json("""{"input_tokens":5}"""));
        await using var gateway = await GatewayHost.StartAsync(
            GatewayHost.Route(GatewayHost.Model("a", upstream, ProviderKind.Anthropic)) with { PassThrough = true });
        using (var first = HeardSpans.Of(gateway))
        {
            using var passed = await gateway.PostToAsync("/v1/files", """{"model":"chat"}""");
            var (request, attempts) = await first.OneAsync();
            Holds(request, ("http.route", "/v1/{**rest}"));
            Assert.Equal(("forward a-name", attempts[0].Id), (Assert.Single(attempts).DisplayName, upstream.Requests.Single().Headers["traceparent"]));
        }

        using var spans = HeardSpans.Of(gateway);
        using var counted = await gateway.PostToAsync("/v1/messages/count_tokens", """{"model":"chat","max_tokens":1,"messages":[{"role":"user","content":"Hello"}]}""");
        var (_, counts) = await spans.OneAsync();
        Assert.Equal(("count_tokens a-name", counts[0].Id), (Assert.Single(counts).DisplayName, upstream.Requests.Last().Headers["traceparent"]));
    }

    private static string Line(Activity attempt) =>
        $"{HeardSpans.Text(attempt, "model_migrate.role")} {HeardSpans.Text(attempt, "model_migrate.outcome")} {HeardSpans.Text(attempt, "error.type")}";

    private static void Holds(Activity span, params (string Tag, string Value)[] expected) =>
        Assert.Equal(expected, expected.Select(e => (e.Tag, HeardSpans.Text(span, e.Tag))));
}
