using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Observing.Signals;
using ModelMigrate.Core.Routing.Policies;

namespace ModelMigrate.Core.Routing;

/// <summary>How one migration divides the traffic of its route right now.</summary>
public sealed record SplitSnapshot
{
    public const int Total = 1_000_000;

    public required MigrationId Migration { get; init; }

    /// <summary>1 for the first try, one more after each retry. Part of every evidence key.</summary>
    public required int Attempt { get; init; }

    /// <summary>Bucketing seed. Kept over retries so that a key's place never moves.</summary>
    public required uint Seed { get; init; }

    /// <summary>The target's share in parts per million, 0 to <see cref="Total"/>.</summary>
    public required int WeightPpm { get; init; }

    public required ModelSnapshot Source { get; init; }

    public required ModelSnapshot Target { get; init; }

    /// <summary>Whether every required gate passed at the final margin.</summary>
    public required bool TargetProven { get; init; }

    /// <summary>The arm that serves while Control is silent: the source until the target is proven, the target after.</summary>
    public Arm Safe => TargetProven ? Arm.Target : Arm.Source;

    /// <summary>The exposure that an unproven target may still take, or null for no limit.</summary>
    public Allowance? Allowance { get; init; }

    /// <summary>What the migration's gates count; says which bit of an observation stands for which check.</summary>
    public CountedSignals Signals { get; init; } = CountedSignals.None;

    /// <summary>Set when this is a hybrid migration: nobody's evidence, and judged by nobody.</summary>
    public HybridMode? Hybrid { get; init; }

    /// <summary>Set when this split is a rollback with <see cref="InFlightPolicy.Cut"/>: answers still running on the target end.</summary>
    public bool CutTarget { get; init; }
}
