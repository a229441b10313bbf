using System.Buffers;

namespace ModelMigrate.Core.Catalog;

/// <summary>A catalog model as the data plane uses it: compiled, immutable, replaced whole.</summary>
public sealed record ModelSnapshot
{
    private static readonly SearchValues<char> s_letters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-");

    public required ModelId Id { get; init; }

    public required ProviderSnapshot Provider { get; init; }

    /// <summary>The name that the provider knows the model by.</summary>
    public required string Name { get; init; }

    public string? Version { get; init; }

    public string? Architecture { get; init; }

    /// <summary>Number of parameters as written, for example <c>70B</c>.</summary>
    public string? Parameters { get; init; }

    /// <summary>Tokens of prompt and answer together, or null when unknown.</summary>
    public int? ContextLength { get; init; }

    /// <summary>The answer length sent to a protocol that demands one when the client named none.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>US dollars per 1,000 input tokens, or null when unknown.</summary>
    public decimal? InputCostPer1K { get; init; }

    /// <summary>US dollars per 1,000 output tokens, or null when unknown.</summary>
    public decimal? OutputCostPer1K { get; init; }

    /// <summary>Catalog latency in milliseconds: median.</summary>
    public double? P50Ms { get; init; }

    /// <summary>Catalog latency in milliseconds: 99th percentile.</summary>
    public double? P99Ms { get; init; }

    public IReadOnlyList<string> Capabilities { get; init; } = [];

    /// <summary>Whether the model goes on with a last message of the assistant's, instead of refusing it or beginning anew.</summary>
    public bool Prefill { get; init; }

    /// <summary>Whether it is asked in the responses protocol; else in chat completions, where its provider speaks that vendor's protocols.</summary>
    public bool InResponses { get; init; }

    /// <summary>Whether it is served to clients of the responses protocol as they ask.</summary>
    public bool TakesResponses => InResponses || Provider.Responses;

    /// <summary>Parameters that the model refuses, of <see cref="Abilities.Rejectable"/>.</summary>
    public IReadOnlyList<string> Rejects { get; init; } = [];

    /// <summary>Models of one family read each other's opaque state: the first letters of the name, behind a publisher's path or dots. <c>claude</c>, <c>gpt</c>.</summary>
    public string Family => FamilyOf(Name);

    /// <summary>Hash of what decides how this model answers: provider kind and URL, name, version. A change resets evidence.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>Where the model is served, when that is more than one place: each a model of this id with a provider of its own and no endpoints. The first is this model's own.</summary>
    public IReadOnlyList<ModelSnapshot> Endpoints { get; init; } = [];

    /// <summary>Whether this is one of several places that serve one model.</summary>
    public bool IsEndpoint { get; init; }

    /// <summary>What a key's hash is mixed with, so that each key has its own order of endpoints. The same in every process.</summary>
    public uint Place { get; init; }

    /// <summary>Whether it sees pictures; an endpoint or any one of several.</summary>
    public bool TakesImages => Capabilities.Any(Abilities.IsImages) || Endpoints.Any(static endpoint => endpoint.Capabilities.Any(Abilities.IsImages));

    /// <summary>All that can be called for it: its endpoints, or itself.</summary>
    public IReadOnlyList<ModelSnapshot> Calls => Endpoints.Count == 0 ? [this] : Endpoints;

    /// <summary>Whether the model itself or one of its endpoints is at a provider.</summary>
    public bool IsServedBy(ProviderId provider)
    {
        foreach (var endpoint in Endpoints)
        {
            if (endpoint.Provider.Id == provider)
            {
                return true;
            }
        }

        return Provider.Id == provider;
    }

    /// <summary>US dollars for one answer, or null when a price is unknown.</summary>
    public decimal? Cost(long inputTokens, long outputTokens) =>
        InputCostPer1K is { } input && OutputCostPer1K is { } output ? (inputTokens * input + outputTokens * output) / 1000m : null;

    /// <summary>Whether its entry names a capability.</summary>
    public bool Can(string ability) => Capabilities.Contains(ability, StringComparer.OrdinalIgnoreCase);

    private static string FamilyOf(string name)
    {
        var last = name[(name.LastIndexOf('/') + 1)..];
        last = last.StartsWith("ft:", StringComparison.Ordinal) ? last[3..] : last;

        // Bedrock writes region and maker before a name: us.anthropic.claude-….
        for (var dot = last.IndexOf('.', StringComparison.Ordinal); dot > 0 && dot + 1 < last.Length && char.IsAsciiLetter(last[dot + 1])
            && last.AsSpan(0, dot).IndexOfAnyExcept(s_letters) < 0; dot = last.IndexOf('.', StringComparison.Ordinal))
        {
            last = last[(dot + 1)..];
        }

        var end = 0;
        while (end < last.Length && char.IsAsciiLetter(last[end]))
        {
            end++;
        }

        return end == 0 ? "model" : last[..end].ToLowerInvariant();
    }
}
