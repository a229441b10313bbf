namespace ModelMigrate.Core.Rollouts;

/// <summary>The transitions that the controller makes when it has carried a decision out.</summary>
public static class RolloutTransitions
{
    /// <summary>Promoting → watching, once the promotion's snapshot is live.</summary>
    public static Decision Promoted(RolloutSpec spec, RolloutState state, DateTimeOffset now) => throw new NotSupportedException();

    /// <summary>Rolling back → rolled back, once the rollback's snapshot is live and the source answered a probe.</summary>
    public static Decision RolledBack(RolloutSpec spec, RolloutState state, DateTimeOffset now) => throw new NotSupportedException();

    /// <summary>Rolling back → failed: the snapshot is live but the source does not serve.</summary>
    public static Decision Failed(RolloutSpec spec, RolloutState state, string reason, DateTimeOffset now) => throw new NotSupportedException();
}
