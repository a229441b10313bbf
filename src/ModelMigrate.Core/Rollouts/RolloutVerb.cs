namespace ModelMigrate.Core.Rollouts;

/// <summary>What an operator can ask of a rollout.</summary>
public enum RolloutVerb
{
    Start,
    Pause,
    Resume,
    Approve,
    Reject,
    Promote,
    Rollback,
    Retry,
    Finalize,
}
