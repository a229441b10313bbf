namespace ModelMigrate.Core.Api;

/// <summary>One catalog model.</summary>
public sealed record ModelView
{
    public required string Id { get; init; }

    /// <summary>The name that the provider knows the model by.</summary>
    public required string Name { get; init; }

    public required string Provider { get; init; }

    /// <summary><c>openai</c>, <c>anthropic</c>, <c>gemini</c> or <c>bedrock</c>.</summary>
    public required string Protocol { get; init; }

    public string? Version { get; init; }

    public string? Architecture { get; init; }

    public string? Parameters { get; init; }

    public int? ContextLength { get; init; }

    public int? MaxOutputTokens { get; init; }

    /// <summary>US dollars per 1,000 input tokens, or null when unknown.</summary>
    public decimal? InputCostPer1k { get; init; }

    /// <summary>US dollars per 1,000 output tokens, or null when unknown.</summary>
    public decimal? OutputCostPer1k { get; init; }

    public double? P50Ms { get; init; }

    public double? P99Ms { get; init; }

    public required IReadOnlyList<string> Capabilities { get; init; }
}
