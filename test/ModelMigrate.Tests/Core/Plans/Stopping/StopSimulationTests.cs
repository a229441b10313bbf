using ModelMigrate.Core.Judging.Gates;
using ModelMigrate.Core.Judging.Health;
using ModelMigrate.Core.Plans;
using ModelMigrate.Core.Plans.Stopping;
using ModelMigrate.Core.Statistics;
using ModelMigrate.Tests.Scenarios;

namespace ModelMigrate.Tests.Core.Plans.Stopping;

public sealed class StopSimulationTests
{
    private static readonly StopSegment[] s_ramp = [new(0.05, 600), new(0.25, 600), new(0.5, 600)];

    /// <summary>The measured comparison of fixed rules (research on rollouts, 3.2): looks every minute, from the fifth on.</summary>
    [Theory]
    [InlineData(600, 0.005, 0.0)]
    [InlineData(600, 0.04, 0.766)]
    [InlineData(600, 0.06, 1.0)]
    [InlineData(60, 0.005, 0.0)]
    [InlineData(60, 0.04, 0.676)]
    [InlineData(60, 0.06, 0.971)]
    public void Run_RuleOfTheMeasuredComparison_ItsShare(double perMinute, double errorRate, double expected)
    {
        var simulation = new StopSimulation(Rule(errorRate), s_ramp, perMinute / 60) { Period = 60, Repetitions = 1500, FullWindow = true };

        var share = simulation.Run(seed: 7) / 1500.0;

        // Both figures are simulated: four deviations of their difference, and what rounding to a tenth of a percent leaves.
        var tolerance = 0.0005 + (4 * Math.Sqrt(2 * Math.Max(expected * (1 - expected), 0.0005) / 1500));
        Assert.True(Math.Abs(share - expected) <= tolerance, $"{share} against {expected} ± {tolerance}");
    }

    [Theory]
    [InlineData(4.0, 0.03)]
    [InlineData(10.0, 0.025)]
    public void Run_AsItLooksLive_AgreesWithTheJudge(double rate, double errorRate)
    {
        // The real builder, judge and decider, with one gate that nobody asks; it looks every second, so does the simulation.
        var spec = Specs.Ramp(1, hold: 120) with
        {
            Watch = TimeSpan.Zero,
            HardStops = [Stop(0.05) with { Window = TimeSpan.FromSeconds(60), MinimumSamples = 20 }],
            Steps = [.. Specs.Ramp(1, hold: 120).Steps.Select(step => step with { MarginFactor = 1 })],
            Gates = [GateDefaults.Chat[0] with { Required = true, Margin = 0.5, AlphaShare = 1 }],
            Alpha = 1e-9,
        };
        var traffic = new TrafficModel { Rate = rate, SourceErrors = _ => errorRate, TargetErrors = _ => errorRate, SourceMedian = _ => 0.01, TargetMedian = _ => 0.01 };
        var n = Repetitions.Of(2000);
        var live = Repetitions.Run(n, seed =>
        {
            var run = new SimulatedMigration(spec with { Seed = (uint)seed }, traffic, seed);
            run.Run(600);
            return run.Decisions.Any(d => d.Gate == "errors_5m");
        }).Count(fired => fired) / (double)n;

        var rule = StopRule.Of(spec.HardStops[0], Healthy(rate, errorRate))!;
        var simulation = new StopSimulation(rule, [new(0.05, 120), new(0.25, 120), new(0.5, 120)], rate) { Period = 1, Repetitions = 2000 };
        var share = simulation.Run(1) / 2000.0;

        Assert.InRange(share, 0.1, 0.9);
        var tolerance = 4 * Math.Sqrt(share * (1 - share) * ((1.0 / n) + (1.0 / 2000)));
        Assert.True(Math.Abs(share - live) <= tolerance, $"simulated {share}, through the judge {live}, tolerance {tolerance}");
    }

    [Fact]
    public void Run_SameSeed_SameCount()
    {
        var simulation = new StopSimulation(Rule(0.04), s_ramp, 1);
        Assert.Equal(simulation.Run(3), simulation.Run(3));
        Assert.NotEqual(simulation.Run(3), simulation.Run(4));
    }

    [Fact]
    public void Of_MoreFailures_NeverFewerFalseRollbacks()
    {
        var shares = new[] { 0.0, 0.01, 0.02, 0.04, 0.06 }.Select(rate => new StopSimulation(Rule(rate), s_ramp, 5) { Repetitions = 400 }.Run(1)).ToList();
        Assert.Equal(shares.Order(), shares);
        Assert.Equal(0, shares[0]);
        Assert.Equal(400, shares[^1]);
    }

    [Fact]
    public void Of_RelativeStop_NeedsNoFigure()
    {
        var spec = Specs.Ramp(1) with { HardStops = [Stop(0.05) with { RelativeToSource = true }] };
        Assert.Null(HardStopForecast.Of(spec, Healthy(10, 0.04)));
    }

    [Fact]
    public void Of_AbsoluteStops_SaysFigureAssumptionAndThatAlphaIsGone()
    {
        var spec = Specs.Ramp(1) with
        {
            HardStops = [Stop(0.05), new() { Name = "p99_8s", Metric = HardStopMetric.LatencyP99, Threshold = 8000, RelativeToSource = false }],
        };

        var blind = HardStopForecast.Of(spec, Healthy(10, 0.04) with { Label = "given" })!;

        Assert.True(blind.Stops[0].Low <= blind.Stops[0].Probability && blind.Stops[0].Probability <= blind.Stops[0].High);
        Assert.InRange(blind.Stops[0].Probability!.Value, 0.7, 1);
        Assert.Null(blind.Stops[1].Probability);
        Assert.Equal(
            "hard stop p99_8s (p99 latency above 8000 ms over 300 s, from 100 requests on): cannot be simulated without the source's latency; give its median and 95th percentile.",
            blind.Lines.ElementAt(1));
        Assert.Matches(@"^assumed: 10 requests/s, 4 % errors, [0-9.]+ (min|h) with the watch; given\.$", blind.Lines.ElementAt(2));
        Assert.Contains("no longer covers", blind.Lines.Last(), StringComparison.Ordinal);

        // A median of 1.6 s with the usual spread has its p99 at 8.2 s: no hard stop survives that; at 0.8 s it never fires.
        var slow = HardStopForecast.Of(spec, Healthy(10, 0.0) with { LatencyP50Ms = 1600 })!;
        var fast = HardStopForecast.Of(spec, Healthy(10, 0.0) with { LatencyP50Ms = 800 })!;
        Assert.InRange(slow.Stops[1].Probability!.Value, 0.9, 1);
        Assert.InRange(fast.Stops[1].Probability!.Value, 0, 0.02);
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(12)]
    [InlineData(300)]
    public void Poisson_ManyDraws_MeanAndVarianceAreTheMean(double mean)
    {
        var draws = new SeededDraws(5);
        var counts = Enumerable.Range(0, 20_000).Select(_ => (double)draws.Poisson(mean)).ToList();
        var average = counts.Average();
        var variance = counts.Sum(c => (c - average) * (c - average)) / counts.Count;
        Assert.InRange(average / mean, 1 - (5 / Math.Sqrt(20_000 * mean)), 1 + (5 / Math.Sqrt(20_000 * mean)));
        Assert.InRange(variance / mean, 0.9, 1.1);
    }

    private static HardStopSpec Stop(double threshold) => new() { Name = "errors_5m", Metric = HardStopMetric.ErrorRate, Threshold = threshold, RelativeToSource = false };

    private static Traffic Healthy(double rate, double errorRate) => new() { Rate = rate, ErrorRate = errorRate, Label = "test" };

    private static StopRule Rule(double errorRate) => StopRule.Of(Stop(0.05), Healthy(1, errorRate))!;
}
