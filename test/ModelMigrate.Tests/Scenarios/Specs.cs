using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Judging.Gates;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Rollouts;
using ModelMigrate.Core.Routing;

namespace ModelMigrate.Tests.Scenarios;

/// <summary>Rollout specifications for simulated migrations.</summary>
internal static class Specs
{
    /// <summary>The steps of the measured comparison: 5, 25 and 50 %, ten minutes each.</summary>
    public static RolloutSpec Ramp(int seed, double hold = 600) => new()
    {
        Id = new MigrationId("MIG-sim"),
        Route = new RouteId("chat"),
        Source = new ModelId("old"),
        Target = new ModelId("new"),
        Fingerprint = "f",
        Seed = (uint)seed,
        Gates = GateDefaults.Chat,
        Watch = TimeSpan.FromSeconds(300),
        MaxHold = TimeSpan.FromHours(6),
        Steps =
        [
            new RolloutStep { WeightPpm = 50_000, MarginFactor = 4, Hold = TimeSpan.FromSeconds(hold) },
            new RolloutStep { WeightPpm = 250_000, MarginFactor = 2, Hold = TimeSpan.FromSeconds(hold) },
            new RolloutStep { WeightPpm = 500_000, MarginFactor = 1, Hold = TimeSpan.FromSeconds(hold) },
        ],
    };

    /// <summary>The demonstration: 10, 25 and 50 %, α 0.001, margins 2 pp and 1.5.</summary>
    public static RolloutSpec Demo(int seed) => Ramp(seed, hold: 10) with
    {
        Alpha = 0.001,
        Watch = TimeSpan.FromSeconds(10),
        Gates = [.. GateDefaults.Chat.Select(g => g.Metric == Metric.ErrorRate ? g with { Margin = 0.02 } : g)],
        Steps =
        [
            new RolloutStep { WeightPpm = 100_000, MarginFactor = 4, Hold = TimeSpan.FromSeconds(10) },
            new RolloutStep { WeightPpm = 250_000, MarginFactor = 2, Hold = TimeSpan.FromSeconds(10) },
            new RolloutStep { WeightPpm = 500_000, MarginFactor = 1, Hold = TimeSpan.FromSeconds(10) },
        ],
    };
}
