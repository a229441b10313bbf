namespace ModelMigrate.Providers.Exchange.Comparing;

/// <summary>What came of asking both models of a hybrid migration.</summary>
public enum ComparisonResult
{
    /// <summary>Both answered, with the same text.</summary>
    Same,

    /// <summary>Both answered, with different texts, or one refused or called tools and the other did not.</summary>
    Different,

    /// <summary>The target failed, and the source answered in its place.</summary>
    TargetFailed,

    /// <summary>The target answered, and the source failed.</summary>
    SourceFailed,

    /// <summary>The source was not asked: too many comparisons were under way, or the answer was too long.</summary>
    Skipped,
}
