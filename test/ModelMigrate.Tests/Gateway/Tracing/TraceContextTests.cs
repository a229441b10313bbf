using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Gateway.Telemetry;
using ModelMigrate.Providers.Exchange.Tracing;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Gateway.Tracing;

/// <summary>A request's place in its client's trace (W3C trace context), what a span never holds, and what it costs where none is made.</summary>
public sealed class TraceContextTests
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c", Parent = "b7ad6b7169203331";

    [Fact]
    public async Task ClientsContext_IsTheParentAndGoesOnToTheProvider()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(GatewayHost.Model("m", upstream)));
        using var spans = HeardSpans.Of(gateway);

        using var response = await gateway.PostAsync(ChatSamples.Plain, default, ("traceparent", $"00-{Trace}-{Parent}-01"), ("tracestate", "shop=1"));
        var (request, attempts) = await spans.OneAsync();

        Assert.Equal((Trace, Parent), (request.TraceId.ToHexString(), request.ParentSpanId.ToHexString()));
        var sent = upstream.Requests.Single().Headers;
        Assert.Equal(($"00-{Trace}-{attempts[0].SpanId}-01", "shop=1"), (sent["traceparent"], sent["tracestate"]));
    }

    [Theory]
    [InlineData("00-1-2-01")]
    [InlineData(null)]
    public async Task NoValidContext_ATraceOfOurOwn(string? given)
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.AnthropicAnswer));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(GatewayHost.Model("m", upstream, ProviderKind.Anthropic)));
        using var spans = HeardSpans.Of(gateway);

        using var response = await gateway.PostAsync(ChatSamples.Plain, default, given is null ? [] : [("traceparent", given), ("tracestate", "shop=1")]);
        var (request, attempts) = await spans.OneAsync();

        Assert.Equal(default, request.ParentSpanId);
        var sent = upstream.Requests.Single().Headers;
        Assert.Equal($"00-{request.TraceId}-{attempts[0].SpanId}-01", sent["traceparent"]);
        Assert.False(sent.ContainsKey("tracestate"));
    }

    [Theory]
    [InlineData(ActivitySamplingResult.None)]
    [InlineData(ActivitySamplingResult.PropagationData)]
    public async Task NotSampled_ClientsHeadersAreUntouched(ActivitySamplingResult sampled)
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(GatewayHost.Model("m", upstream)));
        using var spans = HeardSpans.Of(gateway, sampled);

        using var response = await gateway.PostAsync(ChatSamples.Plain, default, ("traceparent", $"00-{Trace}-{Parent}-00"), ("tracestate", "shop=1"));

        var sent = upstream.Requests.Single().Headers;
        Assert.Equal(($"00-{Trace}-{Parent}-00", "shop=1"), (sent["traceparent"], sent["tracestate"]));
    }

    /// <summary>A host that makes a span of its own, which nobody exports, is neither the parent nor a reason not to sample.</summary>
    [Fact]
    public async Task HostsOwnSpan_IsNotTheParent()
    {
        using var traces = new RequestTraces();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => ReferenceEquals(source, traces.Source), Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(listener);
        using var own = new Activity("host").Start();
        ActivitySpanId parent = default;

        await traces.Trace("/x", _ =>
        {
            parent = Activity.Current!.ParentSpanId;
            return Task.CompletedTask;
        })(new DefaultHttpContext());

        Assert.Equal(default, parent);
    }

    [Fact]
    public async Task Spans_PromptsAnswersKeysAndHeaders_AreInNone()
    {
        await using var bad = await StubUpstream.StartAsync(StubUpstream.Json("""{"error":{"message":"SECRET-error","code":"SECRET-code","type":"SECRET-type"}}""", 500, ("openai-organization", "SECRET-org")));
        await using var good = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer.Replace("Hi there", "SECRET-answer", StringComparison.Ordinal)));
        await using var refusing = await StubUpstream.StartAsync(StubUpstream.Json("""{"type":"error","error":{"type":"invalid_request_error","message":"SECRET-refusal"}}""", 400));
        var source = GatewayHost.Model("s", good);
        var target = GatewayHost.Model("t", bad);
        target = target with { Provider = target.Provider with { ApiKey = new Secret("SECRET-key") } };
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Migrating(source, target) with { Cache = CacheLimits.Default });
        using var spans = HeardSpans.Of(gateway);
        const string Body = """
            {"model":"chat","user":"SECRET-user","metadata":{"SECRET-name":"SECRET-value"},"stop":["SECRET-stop"],"seed":1,"tools":[{"type":"function","function":{"name":"SECRET-tool","description":"SECRET-text","parameters":{"type":"object"}}}],
            "messages":[{"role":"system","content":"SECRET-system"},{"role":"user","content":"SECRET-prompt"}]}
            """;
        (string, string)[] headers = [("Authorization", "Bearer SECRET-client"), ("x-api-key", "SECRET-client"), ("openai-beta", "SECRET-beta"), ("x-user-id", "SECRET-header"), ("cookie", "SECRET-cookie")];

        (await gateway.PostAsync(Body, default, headers)).Dispose();
        (await gateway.PostAsync(Body.Replace("\"chat\"", "\"SECRET-model\"", StringComparison.Ordinal), default, headers)).Dispose();
        (await gateway.PostAsync("SECRET-broken", default, headers)).Dispose();
        (await gateway.PostToAsync("/v1/SECRET-path?SECRET-query=1", Body, headers)).Dispose();
        gateway.Publish(GatewayHost.Route(GatewayHost.Model("a", refusing, ProviderKind.Anthropic)));
        (await gateway.PostAsync(Body, default, headers)).Dispose();
        gateway.Publish(GatewayHost.Route(GatewayHost.Model("b", good)) with { Cache = CacheLimits.Default });
        (await gateway.PostToAsync("/v1/messages", """{"model":"chat","max_tokens":9,"messages":[{"role":"user","content":"SECRET-prompt"}]}""", headers)).Dispose();
        await Waiting.UntilAsync(() => spans.All.Count(span => span.Kind == ActivityKind.Server) == 6);

        Assert.Equal(4, spans.All.Count(span => span.Kind == ActivityKind.Client));
        Assert.All(spans.All, span => Assert.DoesNotContain(
            "SECRET", string.Join('\n', [span.DisplayName, span.StatusDescription ?? "", .. span.TagObjects.Select(tag => $"{tag.Key}={HeardSpans.Text(span, tag.Key)}"), .. span.Events.Select(e => e.Name), .. span.Baggage.Select(b => b.Value)]),
            StringComparison.Ordinal));
    }

    [Fact]
    public void NobodyListens_NothingIsAllocated()
    {
        using var traces = new RequestTraces();
        var context = new DefaultHttpContext();
        IReadOnlyList<KeyValuePair<string, string>> headers = [new("traceparent", "a")];
        var serve = traces.Trace("/v1/chat/completions", static _ => Task.CompletedTask);
        var model = Snapshots.Model();
        Assert.True(serve(context).IsCompletedSuccessfully);
        Assert.Null(RequestSpan.Of(context));
        Assert.Null(AttemptSpan.Begin(null, default, model, default));

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            _ = serve(context);
            var span = AttemptSpan.Begin(RequestSpan.Of(context)?.Activity, default, model, default);
            Assert.Same(headers, AttemptSpan.Carry(span, headers));
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
