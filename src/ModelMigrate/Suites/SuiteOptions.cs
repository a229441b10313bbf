using ModelMigrate.Core.Suites;

namespace ModelMigrate.Suites;

/// <summary>What of a run of suites is not in their file.</summary>
internal sealed record SuiteOptions
{
    /// <summary>Null when only the built-in suite runs.</summary>
    public FileInfo? File { get; init; }

    public bool Smoke { get; init; }

    public string? Model { get; init; }

    public string? Source { get; init; }

    public FileInfo? Models { get; init; }

    public Uri? Url { get; init; }

    public required SuiteFilter Filter { get; init; }

    public int Concurrency { get; init; } = 4;

    /// <summary>Whether a case that passes sometimes fails the run.</summary>
    public bool FailsOnFlaky { get; init; }

    public FileInfo? JUnit { get; init; }

    public FileInfo? Markdown { get; init; }

    public bool GitHub { get; init; }
}
