namespace ModelMigrate.Core.Api;

/// <summary>An error of the admin API (RFC 9457). A body's mistakes are all in <see cref="Errors"/>.</summary>
public sealed record ProblemView
{
    public string? Type { get; init; }

    public required string Title { get; init; }

    public required int Status { get; init; }

    public string? Detail { get; init; }

    /// <summary>Stable, for programs: <c>migration_not_found</c>, <c>verb_not_allowed</c>, <c>invalid_body</c> …</summary>
    public string? Code { get; init; }

    public IReadOnlyList<string>? Errors { get; init; }
}
