using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Judging.Gates;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Observing.Signals;
using ModelMigrate.Core.Rollouts;
using Xunit.Abstractions;

namespace ModelMigrate.Tests.Scenarios;

/// <summary>Every metric beyond errors, p50 and p90: a worse target is rolled back by its gate, an equal one is promoted.</summary>
public sealed class MetricTests(ITestOutputHelper output)
{
    public static TheoryData<Metric> Metrics =>
    [
        Metric.ThrottlingRate, Metric.CheckFailureRate, Metric.LatencyP95, Metric.FirstTokenP50, Metric.FirstTokenP90, Metric.FirstTokenP95,
        Metric.Cost, Metric.Quality, Metric.Preference, Metric.Satisfaction,
    ];

    [Theory]
    [MemberData(nameof(Metrics))]
    public void Run_EqualArms_PromotedAndRolledBackAtMostByChance(Metric metric)
    {
        var ends = Repetitions.Run(20, seed => Run(metric, worse: false, seed));
        var (promoted, rolledBack) = (ends.Count(run => run.State.TargetProven), ends.Count(run => run.State.Phase == RolloutPhase.RolledBack));
        Repetitions.Report(output, $"{metric}: equal arms promoted within an hour; rolled back", $"{promoted}; {rolledBack} of {ends.Count}");
        Assert.True(rolledBack <= Repetitions.Limit(ends.Count, 0.05), $"{rolledBack} of {ends.Count} rolled back");
        Assert.True(promoted >= ends.Count * 3 / 4, string.Join('\n', ends.Where(run => !run.State.TargetProven).Select(run => $"{run.State.Phase}: {run.State.Reason}")));
    }

    [Theory]
    [MemberData(nameof(Metrics))]
    public void Run_WorseTarget_RolledBackByItsGate(Metric metric)
    {
        var ends = Repetitions.Run(20, seed => Run(metric, worse: true, seed));
        var exposed = ends.Select(run => run.Exposed).Order().ToList();
        Repetitions.Report(output, $"{metric}: target requests until harm is found, median", $"{exposed[exposed.Count / 2]}");
        Assert.All(ends, run => Assert.Equal(RolloutPhase.RolledBack, run.State.Phase));
        Assert.All(ends, run => Assert.Equal(
            GateDefaults.Of(metric, Signal.Refusal).Name, run.Decisions.Single(decision => decision.Kind == DecisionKind.RollingBack).Gate));
    }

    private static SimulatedMigration Run(Metric metric, bool worse, int seed)
    {
        var spec = Specs.Ramp(seed, hold: 60) with
        {
            // The metric's own gate alone, so that it and no other decides.
            Gates = [GateDefaults.Of(metric, metric == Metric.CheckFailureRate ? Signal.Refusal : null)],
            Watch = TimeSpan.FromSeconds(30),
        };
        var run = new SimulatedMigration(spec, Traffic(metric, worse), seed);
        run.Run(3600, simulation => simulation.State.TargetProven);
        return run;
    }

    private static TrafficModel Traffic(Metric metric, bool worse) => new()
    {
        Rate = 20,
        Extra = metric switch
        {
            Metric.ThrottlingRate => (random, source, ended) =>
                random.NextDouble() < Rate(source, worse, 0.005, 0.06) ? ended with { Outcome = Outcome.Throttled } : ended,
            Metric.CheckFailureRate => (random, source, ended) => ended with
            {
                Checked = 1, FailedChecks = random.NextDouble() < Rate(source, worse, 0.005, 0.06) ? 1UL : 0,
            },
            Metric.LatencyP95 => (random, source, ended) =>
                random.NextDouble() < Rate(source, worse, 0.02, 0.2) ? ended with { Latency = ended.Latency * 5 } : ended,
            Metric.FirstTokenP50 or Metric.FirstTokenP90 or Metric.FirstTokenP95 => (_, source, ended) =>
                ended with { FirstToken = ended.FirstToken * (source || !worse ? 1 : 2) },
            Metric.Cost => (random, source, ended) => ended with
            {
                Cost = (decimal)(0.002 * -Math.Log(1 - random.NextDouble()) * (source || !worse ? 1 : 1.6)),
            },
            Metric.Quality or Metric.Preference => (random, source, ended) => ended with { Quality = Score(random, source || !worse ? 0.8 : 0.65) },
            Metric.Satisfaction => (random, source, ended) =>
                random.Next(3) == 0 ? ended with { Satisfaction = Score(random, source || !worse ? 0.8 : 0.6) } : ended,
            _ => null,
        },
    };

    private static double Rate(bool source, bool worse, double healthy, double sick) => source || !worse ? healthy : sick;

    private static double Score(Random random, double mean) => Math.Clamp(mean + ((random.NextDouble() - 0.5) * 0.4), 0, 1);
}
