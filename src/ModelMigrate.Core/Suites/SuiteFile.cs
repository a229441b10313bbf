namespace ModelMigrate.Core.Suites;

/// <summary>A file of suites as a person wrote it.</summary>
public sealed record SuiteFile
{
    /// <summary>As messages and results name it.</summary>
    public required string Name { get; init; }

    /// <summary>The model under test: one of the configuration's, or <c>openai:NAME@URL</c>; null when the command names it.</summary>
    public string? Model { get; init; }

    /// <summary>The model that users have, which a parity suite compares with; or null.</summary>
    public string? Source { get; init; }

    /// <summary>The configuration that names of models are looked up in; null for the usual one.</summary>
    public string? Models { get; init; }

    /// <summary>The server whose contract is tested, or null.</summary>
    public Uri? Url { get; init; }

    public required IReadOnlyList<Suite> Suites { get; init; }
}
