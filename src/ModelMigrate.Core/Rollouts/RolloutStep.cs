namespace ModelMigrate.Core.Rollouts;

/// <summary>One step of a rollout: a weight, how long it is held at least, and how strict its gates are.</summary>
public sealed record RolloutStep
{
    /// <summary>The target's share in parts per million.</summary>
    public required int WeightPpm { get; init; }

    /// <summary>The least time on this step. Default 10 min.</summary>
    public TimeSpan Hold { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The gates' margins on this step are this multiple of the final ones (1 on the last step).</summary>
    public double MarginFactor { get; init; } = 1;

    /// <summary>Whether a person must approve before the rollout leaves this step.</summary>
    public bool Approval { get; init; }
}
