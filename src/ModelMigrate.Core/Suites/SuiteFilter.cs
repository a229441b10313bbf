namespace ModelMigrate.Core.Suites;

/// <summary>Which cases run.</summary>
public sealed record SuiteFilter
{
    public static SuiteFilter All { get; } = new();

    /// <summary>Any of these; empty for every level.</summary>
    public IReadOnlyList<SuiteLevel> Levels { get; init; } = [];

    /// <summary>Cases with any of these; empty for all.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Suites of this tier and of those before it; null for every tier.</summary>
    public SuiteTier? Tier { get; init; }

    public bool Takes(Suite suite, SuiteCase each) =>
        (Levels.Count == 0 || Levels.Contains(suite.Level))
        && (Tier is not { } tier || suite.Tier <= tier)
        && (Tags.Count == 0 || Tags.Any(tag => each.Terms.Tags.Contains(tag, StringComparer.Ordinal)));

    /// <summary>The suites with the cases that run; those that have none are not among them.</summary>
    public IReadOnlyList<Suite> Of(IEnumerable<Suite> suites) =>
        [.. suites.Select(suite => suite with { Cases = [.. suite.Cases.Where(each => Takes(suite, each))] }).Where(static suite => suite.Cases.Count > 0)];
}
