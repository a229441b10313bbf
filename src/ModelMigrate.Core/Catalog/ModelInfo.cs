namespace ModelMigrate.Core.Catalog;

/// <summary>What a provider itself says of a model; null where it does not say.</summary>
public sealed record ModelInfo
{
    /// <summary>The provider's name of it.</summary>
    public required string Name { get; init; }

    /// <summary>Tokens of prompt and answer together, or of the prompt where only that is told.</summary>
    public int? ContextLength { get; init; }

    public int? MaxOutputTokens { get; init; }

    /// <summary>US dollars per 1,000 input tokens.</summary>
    public decimal? InputCostPer1K { get; init; }

    /// <summary>US dollars per 1,000 output tokens.</summary>
    public decimal? OutputCostPer1K { get; init; }
}
