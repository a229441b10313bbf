using ModelMigrate.Core.Metrics;

namespace ModelMigrate.Control.Evaluation.Planning;

/// <summary>A metric of a comparison, and what is asked of it.</summary>
public sealed record PlannedMetric
{
    public required string Id { get; init; }

    public MetricProfile Profile { get; init; }

    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new SortedDictionary<string, string>(StringComparer.Ordinal);

    public required string Signature { get; init; }

    /// <summary>What its scores mean when they are made by a program or a judge; null for a row of the table.</summary>
    public PlannedGrading? Grading { get; init; }

    /// <summary>How much worse is good enough; null: it is measured and gates nothing.</summary>
    public double? Margin { get; init; }

    public bool IsRelative { get; init; }
}
