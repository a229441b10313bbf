using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Observing;

namespace ModelMigrate.Core.Rollouts;

/// <summary>Where one migration stands. Owned by Control's rollout controller; everybody else sees copies.</summary>
public sealed record RolloutState
{
    public required MigrationId Id { get; init; }

    public RolloutPhase Phase { get; init; } = RolloutPhase.Planned;

    /// <summary>Index into the specification's steps; the phases after the last step keep it.</summary>
    public int Step { get; init; }

    /// <summary>1 for the first try, one more after each retry.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>When the phase was entered.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>When the step was entered; a pause does not restart it.</summary>
    public DateTimeOffset StepSince { get; init; }

    /// <summary>The phase that a pause or freeze interrupted, to resume into.</summary>
    public RolloutPhase? Interrupted { get; init; }

    /// <summary>The step that a person approved to leave, or null.</summary>
    public int? ApprovedStep { get; init; }

    /// <summary>The gates whose harm was alerted under <see cref="RegressionPolicy.Alert"/>, so that each is journalled once.</summary>
    public IReadOnlyList<string> Alerted { get; init; } = [];

    /// <summary>When each hard stop fired last, over all attempts: until its cooldown is over it is silent.</summary>
    public IReadOnlyList<HardStopMark> Fired { get; init => field = value ?? []; } = [];

    /// <summary>The target's share in parts per million.</summary>
    public int WeightPpm { get; init; }

    /// <summary>Whether every required gate passed at the final margin, or an operator promoted regardless.</summary>
    public bool TargetProven { get; init; }

    /// <summary>How often the evidence was reset: the k of the α·6/(π²k²) schedule, 1 for the first process.</summary>
    public int EvidenceEpoch { get; init; } = 1;

    /// <summary>Exposures journalled as spent, in this attempt.</summary>
    public long ExposureSpent { get; init; }

    /// <summary>The newest exposure chunk journalled.</summary>
    public long ExposureChunk { get; init; }

    /// <summary>The fallback that stands in for a source that did not serve after the rollback, or null.</summary>
    public ModelId? ServedBy { get; init; }

    /// <summary>Why it is where it is, in one sentence.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Whether the migration still holds its route: neither planned nor ended.</summary>
    public bool IsActive => Phase is not (RolloutPhase.Planned or RolloutPhase.Completed or RolloutPhase.RolledBack or RolloutPhase.Failed);
}
