using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Routing;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Core.Routing.Rules;
using ModelMigrate.Gateway.Telemetry;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Gateway;

/// <summary>What the instruments say after known requests, read as an exporter reads them.</summary>
public sealed class GatewayMetersTests : IDisposable
{
    private static int s_count;

    private readonly string _name = "meters-" + Interlocked.Increment(ref s_count).ToString(CultureInfo.InvariantCulture);
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<(string Instrument, double Value, Dictionary<string, string> Tags)> _measured = new();

    public GatewayMetersTests()
    {
        // Other tests' gateways run in this process, too: route and models of this one have names of their own.
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == GatewayMeters.Name)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((i, v, tags, _) => Note(i, v, tags));
        _listener.SetMeasurementEventCallback<int>((i, v, tags, _) => Note(i, v, tags));
        _listener.SetMeasurementEventCallback<double>((i, v, tags, _) => Note(i, v, tags));
        _listener.Start();
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task Requests_BothArms_CountedWithOutcomeRescueTokensAndCost()
    {
        await using var source = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var target = await StubUpstream.StartAsync(StubUpstream.Json("{}", 503));
        await using var gateway = await StartAsync(source, target);

        await SendAsync(gateway, ChatSamples.Plain, 3);
        target.Answers = StubUpstream.Events(ChatSamples.Chunks);
        await SendAsync(gateway, ChatSamples.Streamed, 2);
        gateway.Publish(Route(source, target) with { Split = null });
        await SendAsync(gateway, ChatSamples.Plain, 4);

        Assert.Equal(3, Sum("model_migrate.requests", "arm=target", "outcome=error", $"model=t-{_name}"));
        Assert.Equal(2, Sum("model_migrate.requests", "arm=target", "outcome=ok", $"model=t-{_name}"));
        Assert.Equal(4, Sum("model_migrate.requests", "arm=none", "outcome=ok", $"model=s-{_name}"));
        Assert.Equal(3, Sum("model_migrate.rescues", "arm=target"));
        Assert.Equal(3, Sum("model_migrate.rescues"));
        Assert.Equal(0, Sum("model_migrate.errors"));
        Assert.Equal(5, Sum("model_migrate.exposure", "arm=target"));
        Assert.Equal(5, Sum("model_migrate.exposure"));

        // The samples' answers hold 7 tokens in and 3 out; a model costs 1 USD for 1,000 in and 2 USD for 1,000 out.
        Assert.Equal(3 * 7, Sum("gen_ai.client.token.usage", "role=rescue", "gen_ai.token.type=input", $"model=s-{_name}"));
        Assert.Equal(3 * 3, Sum("gen_ai.client.token.usage", "role=rescue", "gen_ai.token.type=output"));
        Assert.Equal(2 * 7, Sum("gen_ai.client.token.usage", "role=assigned", "gen_ai.token.type=input", "arm=target"));
        Assert.Equal(9 * 0.013, Sum("model_migrate.cost"), 9);
        Assert.Equal(2 * 0.013, Sum("model_migrate.cost", "arm=target", "role=assigned"), 9);

        Assert.Equal(5, Count("gen_ai.client.operation.duration", "role=assigned", "arm=target"));
        Assert.Equal(3, Count("gen_ai.client.operation.duration", "role=rescue"));
        Assert.Equal(2, Count("gen_ai.client.operation.time_to_first_chunk"));
    }

    /// <summary>What a rule or a hybrid sends to the target has met it, too, though nobody judges by it; what they send to the source has met nothing new.</summary>
    [Fact]
    public async Task Exposure_RulesAndHybrids_CountedWhereTheyMeetTheTarget()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var gateway = await StartAsync(upstream, upstream);
        var route = Route(upstream, upstream);

        gateway.Publish(route with { Rules = [new RouteRule { Name = "try", To = RuleDestination.Target }] });
        await SendAsync(gateway, ChatSamples.Plain, 2);
        gateway.Publish(route with { Split = route.Split! with { Hybrid = HybridMode.NewPrimary } });
        await SendAsync(gateway, ChatSamples.Plain, 3);
        gateway.Publish(route with { Rules = [new RouteRule { Name = "keep", To = RuleDestination.Source }] });
        await SendAsync(gateway, ChatSamples.Plain, 4);
        gateway.Publish(route with { Split = route.Split! with { Hybrid = HybridMode.LegacyPrimary, WeightPpm = 0 } });
        await SendAsync(gateway, ChatSamples.Plain, 5);

        Assert.Empty(gateway.Ended());
        Assert.Equal(2 + 3, Sum("model_migrate.exposure", "arm=target", $"model=t-{_name}"));
        Assert.Equal(2 + 3, Sum("model_migrate.exposure"));
    }

    [Fact]
    public async Task Errors_BothArmsFail_CountedOnceForTheUser()
    {
        await using var both = await StubUpstream.StartAsync(StubUpstream.Json("{}", 500));
        await using var gateway = await StartAsync(both, both);

        await SendAsync(gateway, ChatSamples.Plain, 3);

        Assert.Equal(3, Sum("model_migrate.errors", "arm=target"));
        Assert.Equal(0, Sum("model_migrate.rescues"));
        Assert.Equal(6, Count("gen_ai.client.operation.duration"));
        Assert.Equal(0, Sum("gen_ai.client.token.usage"));
    }

    [Theory]
    [InlineData(ProviderKind.OpenAi, 0)]
    [InlineData(ProviderKind.Anthropic, 7)]
    public async Task Fallback_AfterAFailedCall_EachCallMeteredUnderItsOwnModel(ProviderKind kind, int reported)
    {
        // This Anthropic stream tells its prompt's tokens before it fails without content; an OpenAI stream would at its end.
        const string Failure = "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"busy\"}}\n\n";
        await using var source = await StubUpstream.StartAsync(
            StubUpstream.Events((kind == ProviderKind.OpenAi ? ChatSamples.Chunks[0] : ChatSamples.AnthropicEvents[0]) + Failure));
        await using var other = await StubUpstream.StartAsync(StubUpstream.Events(string.Concat(ChatSamples.Chunks)));
        var route = GatewayHost.Route(
            GatewayHost.Model("s-" + _name, source, kind), new RouteLimits { RetryRatio = 0 }, GatewayHost.Model("f-" + _name, other)) with { Id = new RouteId(_name) };
        await using var gateway = await GatewayHost.StartAsync(route);

        await SendAsync(gateway, ChatSamples.Streamed, 1);

        Assert.Equal(reported, Sum("gen_ai.client.token.usage", "role=assigned", $"model=s-{_name}", "gen_ai.token.type=input"));
        Assert.Equal((7, 3), (
            Sum("gen_ai.client.token.usage", "role=fallback", $"model=f-{_name}", "gen_ai.token.type=input"),
            Sum("gen_ai.client.token.usage", "role=fallback", $"model=f-{_name}", "gen_ai.token.type=output")));
        Assert.Equal(1, Count("gen_ai.client.operation.duration", "role=assigned", $"model=s-{_name}"));
        Assert.Equal(1, Count("gen_ai.client.operation.duration", "role=fallback", $"model=f-{_name}"));
        Assert.Equal(0.013, Sum("model_migrate.cost", "role=fallback"), 9);
    }

    [Fact]
    public async Task Latency_OnTheClock_InSeconds()
    {
        await using var upstream = await StubUpstream.StartAsync();
        upstream.Answers = StubUpstream.EventsThenSilence(ChatSamples.Chunks[..2]);
        await using var gateway = await StartAsync(upstream, upstream);

        var response = await gateway.PostAsync(ChatSamples.Streamed.Replace("chat", _name, StringComparison.Ordinal));
        await Waiting.ForAsync(upstream);
        await using var stream = await response.Content.ReadAsStreamAsync();
        await stream.ReadExactlyAsync(new byte[ChatSamples.Chunks[0].Length + ChatSamples.Chunks[1].Length]);
        gateway.Clock.Advance(TimeSpan.FromSeconds(2));
        upstream.Requests.Single().Cut.SetResult();
        while (Count("gen_ai.client.operation.duration") == 0)
        {
            await Task.Yield();
        }

        response.Dispose();
        Assert.Equal(2, Sum("gen_ai.client.operation.duration"), 6);
        Assert.Equal(0, Sum("gen_ai.client.operation.time_to_first_chunk"), 6);
        Assert.Equal(1, Count("gen_ai.client.operation.time_to_first_chunk"));
    }

    [Fact]
    public async Task ModelGauges_FewerThanTwentyCalls_AbsentThenThere()
    {
        await using var source = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var target = await StubUpstream.StartAsync(StubUpstream.Json("{}", 503));
        await using var gateway = await StartAsync(source, target);

        await SendAsync(gateway, ChatSamples.Plain, 9);
        gateway.Publish(Route(source, target) with { Split = Route(source, target).Split! with { WeightPpm = 0 } });
        await SendAsync(gateway, ChatSamples.Plain, 10);
        Assert.Empty(Gauges("model_error_rate").Concat(Gauges("model_latency_p99")));

        await SendAsync(gateway, ChatSamples.Plain, 1);
        Assert.Equal([($"s-{_name}", 0)], Gauges("model_error_rate"));
        Assert.Equal([$"s-{_name}"], Gauges("model_latency_p99").Select(g => g.Model));

        gateway.Clock.Advance(TimeSpan.FromMinutes(5.5));
        Assert.Empty(Gauges("model_error_rate"));
    }

    private Task<GatewayHost> StartAsync(StubUpstream source, StubUpstream target) => GatewayHost.StartAsync(Route(source, target));

    private RouteSnapshot Route(StubUpstream source, StubUpstream target) =>
        GatewayHost.Migrating(GatewayHost.Model("s-" + _name, source), GatewayHost.Model("t-" + _name, target), new RouteLimits { Retries = 1 }) with
        {
            Id = new RouteId(_name),
        };

    private async Task SendAsync(GatewayHost gateway, string body, int times)
    {
        for (var i = 0; i < times; i++)
        {
            var before = Count("model_migrate.requests");
            using (var response = await gateway.PostAsync(body.Replace("\"chat\"", $"\"{_name}\"", StringComparison.Ordinal)))
            {
                _ = await response.Content.ReadAsStringAsync();
            }

            // A request is counted after its last byte was sent.
            while (Count("model_migrate.requests") == before)
            {
                await Task.Yield();
            }
        }
    }

    private List<(string Model, double Value)> Gauges(string instrument)
    {
        _measured.Clear();
        _listener.RecordObservableInstruments();
        return [.. Of(instrument).Select(m => (m.Tags["model"], m.Value))];
    }

    private double Sum(string instrument, params string[] tags) => Of(instrument, tags).Sum(m => m.Value);

    private int Count(string instrument, params string[] tags) => Of(instrument, tags).Count();

    private IEnumerable<(string Instrument, double Value, Dictionary<string, string> Tags)> Of(string instrument, params string[] tags) =>
        _measured.Where(m => m.Instrument == instrument && tags.All(t => m.Tags.GetValueOrDefault(t.Split('=')[0]) == t.Split('=')[1]));

    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var read = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, tag) in tags)
        {
            read[name] = Convert.ToString(tag, CultureInfo.InvariantCulture) ?? "";
        }

        if (read.Values.Any(v => v.EndsWith(_name, StringComparison.Ordinal)))
        {
            _measured.Enqueue((instrument.Name, value, read));
        }
    }
}
