namespace ModelMigrate.Core.Rollouts;

/// <summary>The journal's words for what happened.</summary>
public static class DecisionKind
{
    public const string Started = "started";
    public const string Advanced = "advanced";
    public const string Holding = "holding";
    public const string AwaitingApproval = "awaiting_approval";
    public const string Approved = "approved";
    public const string Rejected = "rejected";
    public const string Paused = "paused";
    public const string Resumed = "resumed";
    public const string Frozen = "frozen";
    public const string Alerted = "alerted";
    public const string Promoting = "promoting";
    public const string Watching = "watching";
    public const string Completed = "completed";
    public const string RollingBack = "rolling_back";
    public const string RolledBack = "rolled_back";
    public const string Failed = "failed";
    public const string Retried = "retried";
}
