using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Rollouts;

namespace ModelMigrate.Control.Rollouts;

/// <summary>A copy of where one migration stands, for everybody outside the loop.</summary>
internal sealed record RolloutReading
{
    public required RolloutSpec Spec { get; init; }

    public required string SpecHash { get; init; }

    public required RolloutState State { get; init; }

    /// <summary>Null for a migration that never started.</summary>
    public Evidence? Evidence { get; init; }

    public double GapSeconds { get; init; }

    /// <summary>Exposures that can still be taken of the granted chunks; null without a budget.</summary>
    public long? ExposureLeft { get; init; }

    /// <summary>Differences between file and running specification.</summary>
    public IReadOnlyList<string> Pending { get; init; } = [];
}
