using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Catalog.Bundled;

namespace ModelMigrate.Core.Configuration;

/// <summary>One entry of <c>models</c>: the catalog's fields.</summary>
public sealed record ModelConfig
{
    public required ModelId Id { get; init; }

    public required ProviderId Provider { get; init; }

    /// <summary>The name that the provider knows the model by. Default: the id.</summary>
    public required string Name { get; init; }

    public string? Version { get; init; }

    public string? Architecture { get; init; }

    public string? Parameters { get; init; }

    /// <summary>Tokens of prompt and answer together.</summary>
    public int? ContextLength { get; init; }

    public int? MaxOutputTokens { get; init; }

    /// <summary>US dollars per 1,000 input tokens.</summary>
    public decimal? InputCostPer1K { get; init; }

    /// <summary>US dollars per 1,000 output tokens.</summary>
    public decimal? OutputCostPer1K { get; init; }

    public double? P50Ms { get; init; }

    public double? P99Ms { get; init; }

    public IReadOnlyList<string> Capabilities { get; init; } = [];

    /// <summary>Other places that serve the model, each with this id.</summary>
    public IReadOnlyList<ModelConfig> Endpoints { get; init; } = [];

    /// <summary>Whether the model goes on with a last message of the assistant's, instead of refusing it or beginning anew.</summary>
    public bool Prefill { get; init; }

    /// <summary>Whether it is asked in the responses protocol instead of in chat completions.</summary>
    public bool InResponses { get; init; }

    /// <summary>Parameters that the model refuses; they are left out.</summary>
    public IReadOnlyList<string> Rejects { get; init; } = [];

    /// <summary>The bundled entry that stands in for what the file does not say, or null.</summary>
    public BundledModel? Bundled { get; init; }
}
