namespace ModelMigrate.Core.Metrics;

/// <summary>One row of the <see cref="MetricTable"/>.</summary>
public sealed record MetricDefinition
{
    public required string Id { get; init; }

    /// <summary>Raised whenever the same answers could get other scores.</summary>
    public int Version { get; init; } = 1;

    /// <summary>One sentence: what it measures and by which definition.</summary>
    public required string Summary { get; init; }

    public MetricProfile Profile { get; init; }

    public MetricNeed Need { get; init; }

    /// <summary>The smallest score that is possible.</summary>
    public double Low { get; init; }

    /// <summary>The largest score that is possible; infinite for a count.</summary>
    public double High { get; init; } = 1;

    /// <summary>Whether its figures are usually printed × 100, as BLEU's are.</summary>
    public bool IsPercent { get; init; }

    public MetricDirection Direction { get; init; }

    public IReadOnlyList<MetricParameter> Parameters { get; init; } = [];

    /// <summary>What the signature says beyond the parameters, for example <c>syn:no</c>; or empty.</summary>
    public string Note { get; init; } = "";

    /// <summary>The arithmetic for parameters that are valid by <see cref="Parameters"/>. A metric of your own is a row of your own.</summary>
    public required Func<MetricArguments, Scorer> Create { get; init; }
}
