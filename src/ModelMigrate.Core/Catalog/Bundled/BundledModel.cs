namespace ModelMigrate.Core.Catalog.Bundled;

/// <summary>What the program knows of a model at its provider's public address. A configuration's own entry goes before each of these.</summary>
public sealed record BundledModel
{
    /// <summary>The preset whose model it is.</summary>
    public required string Provider { get; init; }

    /// <summary>The name that the provider knows it by.</summary>
    public required string Name { get; init; }

    /// <summary>The day on which prices and abilities were last looked up.</summary>
    public required DateOnly AsOf { get; init; }

    /// <summary>Where.</summary>
    public required string Source { get; init; }

    /// <summary>Tokens of prompt and answer together.</summary>
    public int? ContextLength { get; init; }

    public int? MaxOutputTokens { get; init; }

    /// <summary>US dollars per 1,000 input tokens.</summary>
    public decimal? InputCostPer1k { get; init; }

    /// <summary>US dollars per 1,000 output tokens.</summary>
    public decimal? OutputCostPer1k { get; init; }

    public IReadOnlyList<string> Capabilities { get; init => field = value ?? []; } = [];

    /// <summary>Parameters that it refuses, of <see cref="Abilities.Rejectable"/>.</summary>
    public IReadOnlyList<string> Rejects { get; init => field = value ?? []; } = [];

    /// <summary>Whether it was looked up longer ago than is wise to trust.</summary>
    public bool IsStale(DateOnly today, int days) => today.DayNumber - AsOf.DayNumber > days;
}
