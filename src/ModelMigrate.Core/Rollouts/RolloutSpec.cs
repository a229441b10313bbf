using System.Text.Json.Serialization;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Judging.Health;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Routing;
using ModelMigrate.Core.Routing.Policies;

namespace ModelMigrate.Core.Rollouts;

/// <summary>
/// What a migration is to do, fixed when it starts: stored whole, hashed, and unchanged by later edits of the file until a retry.
/// </summary>
public sealed record RolloutSpec
{
    public required MigrationId Id { get; init; }

    public required RouteId Route { get; init; }

    public required ModelId Source { get; init; }

    public required ModelId Target { get; init; }

    /// <summary>Hash of both arms' configuration; another value resets the evidence.</summary>
    public required string Fingerprint { get; init; }

    public string Strategy { get; init; } = "canary";

    public required IReadOnlyList<RolloutStep> Steps { get; init; }

    /// <summary>How long an undecided step is held before the rollout pauses. Default 24 h.</summary>
    public TimeSpan MaxHold { get; init; } = TimeSpan.FromHours(24);

    public required IReadOnlyList<GateSpec> Gates { get; init; }

    /// <summary>Bound on the probability of a false rollback over the whole migration. Default 0.05.</summary>
    public double Alpha { get; init; } = 0.05;

    /// <summary>Bound on the probability that a gate passes a target at its margin. Default 0.05.</summary>
    public double PromoteAlpha { get; init; } = 0.05;

    /// <summary>Requests that may meet the target before it is proven; null for no limit.</summary>
    public int? ExposureBudget { get; init; }

    /// <summary>The source's share while watching, in parts per million. Default 1 %.</summary>
    public int HoldBackPpm { get; init; } = 10_000;

    /// <summary>How long the source keeps its hold-back after the promotion. Default 3600 s.</summary>
    public TimeSpan Watch { get; init; } = TimeSpan.FromSeconds(3600);

    /// <summary>
    /// The share of each gate's α that the test of the watch spends, 0 for none: what earlier versions stored has none and goes on as it began.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double WatchShare { get; init; }

    public RegressionPolicy OnRegression { get; init; }

    public InFlightPolicy InFlight { get; init; }

    /// <summary>The fixed rules, off unless configured.</summary>
    public IReadOnlyList<HardStopSpec> HardStops { get; init; } = [];

    /// <summary>Bucketing seed, derived from the migration's id.</summary>
    public required uint Seed { get; init; }
}
