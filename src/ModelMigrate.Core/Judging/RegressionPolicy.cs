namespace ModelMigrate.Core.Judging;

/// <summary>What follows when a gate finds the target worse.</summary>
public enum RegressionPolicy
{
    Rollback,

    /// <summary>Keep the weight, stop the rollout, wait for a person.</summary>
    Freeze,

    /// <summary>Journal it and go on holding.</summary>
    Alert,
}
