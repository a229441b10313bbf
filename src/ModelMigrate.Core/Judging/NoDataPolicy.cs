namespace ModelMigrate.Core.Judging;

/// <summary>What follows when the target takes requests and a gate has nothing to judge them by.</summary>
public enum NoDataPolicy
{
    /// <summary>The step is held: nothing is promoted unseen.</summary>
    Hold,

    /// <summary>Rolls back once it lasted for the gate's grace.</summary>
    Rollback,

    /// <summary>The gate is not required while it has no data.</summary>
    Ignore,
}
