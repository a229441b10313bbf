using ModelMigrate.Benchmarks.Rollouts.Traffic;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Judging.Gates;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Rollouts;
using ModelMigrate.Core.Routing;

namespace ModelMigrate.Benchmarks.Rollouts.Judged;

/// <summary>The migration that the product is given: the common schedule, the default gates of a chat model, and the gates that a scenario is about.</summary>
internal static class JudgedSpec
{
    public static RolloutSpec For(Scenario scenario, uint seed) => new()
    {
        Id = new MigrationId("MIG-bench"),
        Route = new RouteId("chat"),
        Source = new ModelId("old"),
        Target = new ModelId("new"),
        Fingerprint = "bench",
        Seed = seed,
        Gates = GatesFor(scenario),
        MaxHold = TimeSpan.FromHours(6),
        Watch = TimeSpan.FromSeconds(300),
        WatchShare = RolloutJudging.WatchShare,

        // At the margin harm is real; it must not hide what the promotion test does.
        OnRegression = scenario.Kind == ScenarioKind.Margin ? RegressionPolicy.Alert : RegressionPolicy.Rollback,
        Steps = [.. Steps(scenario.NeedsApproval)],
    };

    private static List<RolloutStep> Steps(bool needsApproval)
    {
        var steps = new List<RolloutStep>();
        var factor = 1 << (Schedule.WeightsPpm.Length - 1);
        foreach (var weight in Schedule.WeightsPpm)
        {
            steps.Add(new RolloutStep
            {
                WeightPpm = weight, MarginFactor = factor, Hold = TimeSpan.FromSeconds(Schedule.Hold), Approval = needsApproval && steps.Count == 0,
            });
            factor /= 2;
        }

        return steps;
    }

    private static List<GateSpec> GatesFor(Scenario scenario)
    {
        List<GateSpec> gates = [.. GateDefaults.Chat];
        if (scenario.Extra.HasFlag(ExtraMetrics.FirstToken))
        {
            gates.Add(GateDefaults.Of(Metric.FirstToken) with { AlphaShare = 2, Required = false });
            gates.Add(GateDefaults.Of(Metric.FirstTokenP50));
            gates.Add(GateDefaults.Of(Metric.FirstTokenP90));
        }

        if (scenario.Extra.HasFlag(ExtraMetrics.Quality))
        {
            gates.Add(GateDefaults.Of(Metric.Quality));
        }

        if (scenario.Extra.HasFlag(ExtraMetrics.Cost))
        {
            gates.Add(GateDefaults.Of(Metric.Cost));
        }

        return gates;
    }
}
