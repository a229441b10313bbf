namespace ModelMigrate.Control.Replaying;

/// <summary>One decision of an export beside the one that its evidence leads to now.</summary>
public sealed record ReplayedDecision
{
    /// <summary>When it was decided.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The number of the look that decided it; null for what is compared at the end.</summary>
    public long? Tick { get; init; }

    /// <summary>As the journal has it: what was decided and where it led; null when the journal has none.</summary>
    public string? Recorded { get; init; }

    /// <summary>As it comes out of the recorded blocks now; null when nothing does.</summary>
    public string? Replayed { get; init; }

    /// <summary>How the two sides' evidence compares.</summary>
    public required EvidenceMatch Evidence { get; init; }

    /// <summary>Whether both are the same: what, when, why, and the evidence at least within 1e-9.</summary>
    public required bool Same { get; init; }

    /// <summary>What differs first, or null.</summary>
    public string? Difference { get; init; }
}
