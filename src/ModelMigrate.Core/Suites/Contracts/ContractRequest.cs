namespace ModelMigrate.Core.Suites.Contracts;

/// <summary>What is sent.</summary>
public sealed record ContractRequest
{
    public required string Method { get; init; }

    /// <summary>Begins with a slash, and is appended to the server's address.</summary>
    public required string Path { get; init; }

    /// <summary>In the file's order, variables in their places.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>JSON, or any text; null for none.</summary>
    public string? Body { get; init; }
}
