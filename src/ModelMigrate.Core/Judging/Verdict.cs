namespace ModelMigrate.Core.Judging;

/// <summary>What a gate says of the target.</summary>
public enum Verdict
{
    /// <summary>The evidence allows neither of the others yet.</summary>
    Undecided,

    /// <summary>Not worse than the source by the margin.</summary>
    NotWorse,

    /// <summary>Worse than the source.</summary>
    Worse,

    /// <summary>An arm has nothing to judge.</summary>
    NoData,
}
