using ModelMigrate.Core.Plans.Stopping;

namespace ModelMigrate.Core.Api;

/// <summary>One migration with everything that its operator decides from.</summary>
public sealed record MigrationDetail : MigrationSummary
{
    /// <summary>Hash of the specification that the migration runs with.</summary>
    public required string SpecHash { get; init; }

    /// <summary>Whether every required gate passed at the final margin.</summary>
    public required bool TargetProven { get; init; }

    /// <summary>How often the evidence was begun anew: the k of the α·6/(π²k²) schedule.</summary>
    public required int EvidenceEpoch { get; init; }

    public required ArmView SourceArm { get; init; }

    public required ArmView TargetArm { get; init; }

    public required IReadOnlyList<GateView> Gates { get; init; }

    /// <summary>The hard stops that are configured, one sentence each with how often they may fire; empty when none is.</summary>
    public IReadOnlyList<string> StopRules { get; init; } = [];

    /// <summary>What stands in the way of the next step now, one sentence each; empty when nothing does.</summary>
    public required IReadOnlyList<string> Blockers { get; init; }

    /// <summary>Exposures journalled as spent in this attempt.</summary>
    public required long ExposureSpent { get; init; }

    /// <summary>Exposures that the running process can still give out of its chunks, or null without a budget.</summary>
    public long? ExposureLeft { get; init; }

    /// <summary>Requests that may meet the unproven target, or null for no limit.</summary>
    public int? ExposureBudget { get; init; }

    /// <summary>Seconds of traffic whose outcomes were dropped for both arms because the process ended before they were committed.</summary>
    public required double EvidenceGapSeconds { get; init; }

    /// <summary>Differences between the file and the running specification; a retry takes them.</summary>
    public required IReadOnlyList<string> PendingChanges { get; init; }

    /// <summary>Seconds until the rollout can take its next step at the earliest, or null when only an operator can move it.</summary>
    public double? NextCheckSeconds { get; init; }

    /// <summary>The operator's verbs that would do something now.</summary>
    public required IReadOnlyList<string> Verbs { get; init; }

    /// <summary>What the absolute hard stops would do to a healthy target at the measured traffic; null without any.</summary>
    public HardStopForecast? HardStops { get; init; }

    /// <summary>The ten newest journal entries, newest first.</summary>
    public required IReadOnlyList<EventView> Events { get; init; }

    /// <summary>The change that makes the configuration file say what is true; only in the answer to <c>finalize</c>.</summary>
    public string? Diff { get; init; }
}
