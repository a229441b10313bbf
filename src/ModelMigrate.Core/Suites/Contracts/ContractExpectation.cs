using ModelMigrate.Core.Checks.Schemas;

namespace ModelMigrate.Core.Suites.Contracts;

/// <summary>What an answer must be. Everything that it is not is said, not only the first.</summary>
public sealed record ContractExpectation
{
    /// <summary>Ranges of statuses, both ends allowed; one of them is enough.</summary>
    public required IReadOnlyList<(int Low, int High)> Status { get; init; }

    /// <summary>Name of a header → a text that it holds, whatever the case; null when it only has to be there.</summary>
    public IReadOnlyList<KeyValuePair<string, string?>> Headers { get; init; } = [];

    /// <summary>Of the whole body as one JSON document, or null.</summary>
    public JsonSchema? Schema { get; init; }

    /// <summary>Of a stream of events, or null.</summary>
    public EventExpectation? Events { get; init; }
}
