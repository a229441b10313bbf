using ModelMigrate.Core.Checks.Schemas;

namespace ModelMigrate.Core.Suites.Contracts;

/// <summary>What a stream of server-sent events must be.</summary>
public sealed record EventExpectation
{
    /// <summary>Events that there are at least.</summary>
    public int Least { get; init; } = 1;

    /// <summary>Of the data of every event but a last one that <see cref="LastData"/> allows; null for any.</summary>
    public JsonSchema? Schema { get; init; }

    /// <summary>Name of an event → the schema of its data, or null for any. Each of them must come.</summary>
    public IReadOnlyDictionary<string, JsonSchema?> Named { get; init; } = new Dictionary<string, JsonSchema?>(StringComparer.Ordinal);

    /// <summary>The whole data of the last event, for example <c>[DONE]</c>, or null.</summary>
    public string? LastData { get; init; }

    /// <summary>The name of the last event, or null.</summary>
    public string? LastName { get; init; }
}
