namespace ModelMigrate.Core.Suites;

/// <summary>Cases that belong together.</summary>
public sealed record Suite
{
    public required string Name { get; init; }

    public required SuiteLevel Level { get; init; }

    public required SuiteTier Tier { get; init; }

    /// <summary>Sent to the model, plus the number of the repeat; null sends none.</summary>
    public long? Seed { get; init; }

    /// <summary>In the file's order; never empty.</summary>
    public required IReadOnlyList<SuiteCase> Cases { get; init; }

    /// <summary>What is broken while it runs; null for nothing.</summary>
    public ChaosFaults? Faults { get; init; }

    /// <summary>The tier of a level that names none: the cheaper it is, the more often it runs.</summary>
    public static SuiteTier TierOf(SuiteLevel level) => level switch
    {
        SuiteLevel.Smoke or SuiteLevel.Unit => SuiteTier.Pr,
        SuiteLevel.Integration => SuiteTier.Merge,
        SuiteLevel.Evaluation or SuiteLevel.Safety or SuiteLevel.Load or SuiteLevel.Chaos => SuiteTier.Nightly,
    };
}
