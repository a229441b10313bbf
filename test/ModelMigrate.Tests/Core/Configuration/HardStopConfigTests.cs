using ModelMigrate.Core.Configuration;
using ModelMigrate.Core.Configuration.Compiling;
using ModelMigrate.Core.Judging.Health;

namespace ModelMigrate.Tests.Core.Configuration;

public sealed class HardStopConfigTests
{
    [Fact]
    public void Read_NoHardStops_None() => Assert.Empty(Stops(""));

    [Fact]
    public void Read_EveryMetric_FillsItsDefaults()
    {
        var stops = Stops("""
                  - { metric: errorRate, threshold: 5% }
                  - { metric: latencyP95, threshold: 2 }
                  - { metric: latencyP99, threshold: 5s, relativeTo: absolute, cooldown: 1m }
                  - { metric: quality, threshold: 0.8, relativeTo: absolute, enabled: false }
                  - { metric: checkFailureRate, check: json, threshold: 2% }
            """);
        Assert.Equal(["errorRate", "latencyP95", "latencyP99", "quality", "json checkFailureRate"], stops.Select(stop => stop.Name));
        Assert.Equal([600, 600, 60, 600, 600], stops.Select(stop => stop.Cooldown.TotalSeconds));
        Assert.Equal([300, 300, 300, 3600, 300], stops.Select(stop => stop.Window.TotalSeconds));
        Assert.Equal([100, 100, 100, 500, 100], stops.Select(stop => stop.MinimumSamples));
        Assert.Equal([true, true, true, false, true], stops.Select(stop => stop.Enabled));
        Assert.Equal((5000, "json"), (stops[2].Threshold, stops[4].Check));
    }

    [Theory]
    [InlineData("plan", 1.5, 0.9)]
    [InlineData("manager", 2, 0.85)]
    public void Read_Profile_ExpandsToItsRules(string profile, double latency, double quality)
    {
        var stops = Stops($"      - {{ profile: {profile} }}");
        Assert.Equal([$"{profile}-errors", $"{profile}-latency", $"{profile}-quality"], stops.Select(stop => stop.Name));
        Assert.Equal([HardStopMetric.ErrorRate, HardStopMetric.LatencyP50, HardStopMetric.Quality], stops.Select(stop => stop.Metric));
        Assert.Equal([0.05, latency, quality], stops.Select(stop => stop.Threshold));
        Assert.Equal([300, 300, 3600], stops.Select(stop => stop.Window.TotalSeconds));
        Assert.All(stops, stop => Assert.True(stop.RelativeToSource && stop.Enabled));
    }

    [Fact]
    public void Read_ProfileAbsolute_TakesErrorsAsWrittenAndKeepsTheFactors() =>
        Assert.Equal([false, true, true], Stops("      - { profile: manager, relativeTo: absolute }").Select(stop => stop.RelativeToSource));

    [Theory]
    [InlineData("{ profile: boss }", "can be plan, manager")]
    [InlineData("{ metric: checkFailureRate, threshold: 2% }", "has no 'check'")]
    [InlineData("{ metric: quality, threshold: 85 }", "0.01 to 1")]
    [InlineData("{ profile: plan, threshold: 3 }", "threshold")]
    [InlineData("{ metric: errorRate, threshold: 5%, cooldown: 30d }", "cooldown")]
    public void Read_Wrong_SaysWhat(string stop, string said) =>
        Assert.Contains(said, string.Join('\n', Samples.Read(Text($"      - {stop}")).Problems.Select(problem => problem.ToString())), StringComparison.Ordinal);

    [Fact]
    public void Create_RuleNotEnabled_IsNotRun()
    {
        var config = Good("      - { profile: plan, enabled: false }\n      - { metric: errorRate, threshold: 5%, cooldown: 2m }");
        var spec = RolloutSpecFactory.Create(config.Migrations[0], config, CatalogCompiler.Compile(config));
        Assert.Equal(("errorRate", TimeSpan.FromMinutes(2)), (Assert.Single(spec.HardStops).Name, spec.HardStops[0].Cooldown));
    }

    private static IReadOnlyList<HardStopConfig> Stops(string items) => Good(items).Migrations[0].HardStops;

    private static ModelMigrateConfig Good(string items)
    {
        var result = Samples.Read(Text(items));
        Assert.Empty(result.Problems);
        return result.Config!;
    }

    private static string Text(string items) => """
        providers:
          openai: { apiKey: "${KEY}" }
        models: { m: openai, n: openai }
        routes: { chat: m }
        migrations:
          MIG-a:
            route: chat
            to: n

        """ + (items.Length == 0 ? "" : "    hardStops:\n" + items + "\n");
}
