namespace ModelMigrate.Core.Suites;

/// <summary>How a case is tried. What a suite says of it holds for all its cases that say nothing else.</summary>
public sealed record CaseTerms
{
    /// <summary>Of the case and of its suite.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>For one try.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often it is tried.</summary>
    public int Repeat { get; init; } = 1;

    /// <summary>Tries that need not pass; below <see cref="Repeat"/>. A case that needs them is marked as flaky.</summary>
    public int AllowedFailures { get; init; }
}
