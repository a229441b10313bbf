namespace ModelMigrate.Recorded;

/// <summary>What came of a run.</summary>
internal enum RunVerdict
{
    Promote,
    Rollback,

    /// <summary>The recording ended before the evidence sufficed.</summary>
    Undecided,

    /// <summary>A required gate had nothing to compare.</summary>
    NoData,
}
