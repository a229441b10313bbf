using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Configuration;
using ModelMigrate.Core.Configuration.Compiling;
using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Judging.Health;
using ModelMigrate.Core.Routing.Policies;

namespace ModelMigrate.Tests.Core.Configuration;

public sealed class ConfigReaderTests
{
    private const string Smallest = """
        providers:
          openai: { apiKey: "${OPENAI_API_KEY}" }
        models:
          gpt-4o: openai
        routes:
          chat: gpt-4o
        """;

    public const string Everything = """
        providers:
          a: { kind: openai, baseUrl: http://localhost:9101/v1/, apiKey: "${A_KEY}", proxy: http://proxy:3128, caFile: /etc/ca.pem, includeUsage: false,
               breaker: { enabled: false, failures: 7, openFor: 2s, longest: 1m, probes: 3 } }
          anthropic:
        models:
          one: { provider: a, name: one-1, version: v2, architecture: moe, parameters: 70B, contextLength: 1000, maxOutputTokens: 100,
                 inputCostPer1k: 0.0025, outputCostPer1k: 0.01, p50Ms: 200, p99Ms: 900.5, capabilities: [tools, vision] }
          two: { provider: anthropic, prefill: true }
          three: { provider: a }
        routes:
          chat:
            model: one
            fallback: [three]
            largerContext: three
            onRefusal: fallback
            onCut: resume
            limits: { connect: 2s, firstToken: 1m30s, whole: 2m, idle: 500ms, total: 0.5h, retries: 0, retryRatio: 5% }
            maxConcurrent: 200
            inFlight: cut
            responseHeaders: id
            stickyHeader: X-Session
        migrations:
          MIG-chat-two:
            route: chat
            to: two
            strategy: canary
            steps: [1%, 0.25, { weight: 50%, hold: 20m, approval: true }, 100%]
            hold: 5m
            maxHold: 2d
            alpha: 0.001
            promoteAlpha: 0.01
            exposureBudget: 5000
            watch: 2h
            holdBack: 2%
            onRegression: freeze
            start: auto
            gates:
              - { name: wrong, metric: errorRate, margin: 2pp, tolerance: 1.25, alphaShare: 2 }
              - { metric: firstTokenP90, margin: 1.3, required: false }
            hardStops:
              - { metric: errorRate, threshold: 5% }
              - { name: slow, metric: latencyP99, threshold: 5s, relativeTo: absolute, window: 1m, minimumSamples: 10 }
              - { metric: latencyP50, threshold: 2 }
        clientKeys:
          - { name: app, sha256: 2CF24DBA5FB0A30E26E83B2AC5B9E29E1B161E5C1FA7425E73043362938B9824 }
        allowAnonymousClients: true
        admin: { token: "${TOKEN}", hosts: [Migrate.example.com, "::1"], openMetrics: true }
        controlTimeout: 10s
        retention: 7d
        telemetry: { otlp: http://127.0.0.1:4317, traces: 12.5% }
        """;

    [Fact]
    public void Read_GateThatCountsKeys_HasItsUnitAndItsName()
    {
        var (gates, problems) = GatesReader.Read("gates: [{metric: errorRate}, {metric: errorRate, unit: key}, {metric: throttlingRate, unit: request}]"u8, "gates.yaml", _ => null);
        Assert.Empty(problems);
        Assert.Equal(
            [("errors", GateUnit.Request), ("errors_by_key", GateUnit.Key), ("throttling", GateUnit.Request)], gates!.Select(gate => (gate.Name, gate.Unit)));
    }

    [Fact]
    public void Read_SmallestConfiguration_FillsEveryDefault()
    {
        var config = Good(Smallest);

        var provider = Assert.Single(config.Providers);
        Assert.Equal(ProviderKind.OpenAi, provider.Kind);
        Assert.Equal("https://api.openai.com/v1", provider.BaseUrl.ToString());
        Assert.Equal("value-of-OPENAI_API_KEY", provider.ApiKey!.Reveal());
        Assert.Equal("gpt-4o", Assert.Single(config.Models).Name);
        var route = Assert.Single(config.Routes);
        Assert.Equal(RouteLimits.Default, route.Limits);
        Assert.Equal("x-user-id", route.StickyHeader);
        Assert.Empty(config.Migrations);
        Assert.Equal(TimeSpan.FromSeconds(30), config.ControlTimeout);
        Assert.Equal(TimeSpan.FromDays(30), config.Retention);
        Assert.Null(config.Admin.Token);
        Assert.Equal((null, 0.0), (config.Telemetry.Otlp, config.Telemetry.Traces));
    }

    [Fact]
    public void Read_EveryKey_ArrivesInItsPlace()
    {
        var config = Good(Everything);

        var provider = config.Providers[0];
        Assert.Equal("http://localhost:9101/v1", provider.BaseUrl.AbsoluteUri);
        Assert.Equal(("http://proxy:3128/", "/etc/ca.pem", false), (provider.Proxy!.AbsoluteUri, provider.CaFile, provider.IncludeUsage));
        Assert.Equal(
            new BreakerLimits { Enabled = false, Failures = 7, OpenFor = TimeSpan.FromSeconds(2), Longest = TimeSpan.FromMinutes(1), Probes = 3 }, provider.Breaker);
        Assert.Equal((ProviderKind.Anthropic, BreakerLimits.Default), (config.Providers[1].Kind, config.Providers[1].Breaker));
        var model = config.FindModel(new("one"))!;
        Assert.Equal(("one-1", "v2", "moe", "70B"), (model.Name, model.Version, model.Architecture, model.Parameters));
        Assert.Equal((1000, 100, 0.0025m, 0.01m, 200.0, 900.5), (model.ContextLength, model.MaxOutputTokens, model.InputCostPer1K, model.OutputCostPer1K, model.P50Ms, model.P99Ms));
        Assert.Equal(["tools", "vision"], model.Capabilities);
        Assert.Equal((false, true), (model.Prefill, config.FindModel(new("two"))!.Prefill));
        var route = config.FindRoute(new("chat"))!;
        Assert.Equal([new ModelId("three")], route.Fallback);
        Assert.Equal(
            new RouteLimits
            {
                Connect = TimeSpan.FromSeconds(2),
                FirstToken = TimeSpan.FromSeconds(90),
                Whole = TimeSpan.FromMinutes(2),
                Idle = TimeSpan.FromMilliseconds(500),
                Total = TimeSpan.FromMinutes(30),
                Retries = 0,
                RetryRatio = 0.05,
            },
            route.Limits);
        Assert.Equal((new ModelId("three"), RefusalPolicy.Fallback, CutPolicy.Resume), (route.LargerContext, route.OnRefusal, route.OnCut));
        Assert.Equal((200, InFlightPolicy.Cut, ResponseHeadersMode.Id, "x-session"), (route.MaxConcurrent, route.InFlight, route.ResponseHeaders, route.StickyHeader));
        var key = Assert.Single(config.ClientKeys);
        Assert.Equal(("app", "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"), (key.Name, key.Sha256));
        Assert.Equal(["migrate.example.com", "::1"], config.Admin.Hosts);
        Assert.True(config is { AllowAnonymousClients: true, Admin.OpenMetrics: true });
        Assert.Equal("value-of-TOKEN", config.Admin.Token!.Reveal());
        Assert.Equal((TimeSpan.FromSeconds(10), TimeSpan.FromDays(7)), (config.ControlTimeout, config.Retention));
        Assert.Equal(("http://127.0.0.1:4317/", 0.125), (config.Telemetry.Otlp!.AbsoluteUri, config.Telemetry.Traces));
    }

    [Fact]
    public void Read_Migration_ArrivesInItsPlace()
    {
        var migration = Good(Everything).FindMigration(new("MIG-chat-two"))!;

        Assert.Equal([10_000, 250_000, 500_000], migration.Steps.Select(step => step.WeightPpm));
        Assert.Equal([4, 2, 1], migration.Steps.Select(step => step.MarginFactor));
        Assert.Equal([5, 5, 20], migration.Steps.Select(step => step.Hold.TotalMinutes));
        Assert.Equal([false, false, true], migration.Steps.Select(step => step.Approval));
        Assert.Equal((0.001, 0.01, 5000, 20_000), (migration.Alpha, migration.PromoteAlpha, migration.ExposureBudget, migration.HoldBackPpm));
        Assert.Equal((RegressionPolicy.Freeze, MigrationStart.Auto), (migration.OnRegression, migration.Start));
        Assert.Equal((TimeSpan.FromDays(2), TimeSpan.FromHours(2)), (migration.MaxHold, migration.Watch));
        Assert.Equal(
            [
                new GateConfig { Name = "wrong", Metric = Metric.ErrorRate, Margin = 0.02, Tolerance = 1.25, AlphaShare = 2 },
                new GateConfig { Name = "firstTokenP90", Metric = Metric.FirstTokenP90, Margin = 1.3, Required = false },
            ],
            migration.Gates);
        Assert.Equal(
            [
                new HardStopConfig { Name = "errorRate", Metric = HardStopMetric.ErrorRate, Threshold = 0.05 },
                new HardStopConfig
                {
                    Name = "slow", Metric = HardStopMetric.LatencyP99, Threshold = 5000, RelativeToSource = false, Window = TimeSpan.FromMinutes(1), MinimumSamples = 10,
                },
                new HardStopConfig { Name = "latencyP50", Metric = HardStopMetric.LatencyP50, Threshold = 2 },
            ],
            migration.HardStops);
    }

    [Theory]
    [InlineData("first-migration")]
    [InlineData("hosted")]
    public void Read_Sample_HasNoProblemsAndCompiles(string name)
    {
        var result = Samples.Read(Samples.Text(name));

        Assert.Empty(result.Problems);
        var config = result.Config!;
        var spec = RolloutSpecFactory.Create(Assert.Single(config.Migrations), config, CatalogCompiler.Compile(config));
        Assert.Equal(config.Routes[0].Model, spec.Source);
    }

    [Fact]
    public void Read_ByteOrderMarkAndWindowsLineEnds_Accepted()
    {
        byte[] bytes = [0xEF, 0xBB, 0xBF, .. System.Text.Encoding.UTF8.GetBytes(Everything.ReplaceLineEndings("\r\n"))];

        Assert.Empty(ModelMigrate.Core.Configuration.Reading.ConfigReader.Read(bytes, "f", Samples.Environment).Problems);
    }

    private static ModelMigrateConfig Good(string text)
    {
        var result = Samples.Read(text);
        Assert.Empty(result.Problems);
        return result.Config!;
    }
}
