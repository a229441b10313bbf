namespace ModelMigrate.Core.Rollouts;

/// <summary>Where a rollout stands. Together with the step number this is its whole state towards its operator.</summary>
public enum RolloutPhase
{
    Planned,
    Running,
    Holding,
    AwaitingApproval,
    Paused,
    Frozen,
    Promoting,
    Watching,
    Completed,
    RollingBack,
    RolledBack,
    Failed,
}
