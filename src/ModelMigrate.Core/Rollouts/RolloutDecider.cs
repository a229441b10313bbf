using ModelMigrate.Core.Judging;

namespace ModelMigrate.Core.Rollouts;

/// <summary>Says what a rollout does next. Pure: the same arguments give the same decision.</summary>
public static class RolloutDecider
{
    /// <summary>The next decision, or null when the rollout stays as it is.</summary>
    public static Decision? Decide(RolloutSpec spec, RolloutState state, Evidence evidence, DateTimeOffset now) => throw new NotSupportedException();
}
