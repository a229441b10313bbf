namespace ModelMigrate.Core.Suites;

/// <summary>One thing that holds or does not.</summary>
public abstract record SuiteCase
{
    public required string Name { get; init; }

    public CaseTerms Terms { get; init; } = new();

    /// <summary>The line of the file, or null for a built-in case.</summary>
    public int? Line { get; init; }
}
