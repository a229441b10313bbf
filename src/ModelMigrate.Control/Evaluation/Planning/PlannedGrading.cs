using ModelMigrate.Core.Metrics;

namespace ModelMigrate.Control.Evaluation.Planning;

/// <summary>What the scores of a metric of one's own mean: enough to judge by them where neither its program nor its judge is.</summary>
public sealed record PlannedGrading
{
    public required GraderKind Kind { get; init; }

    /// <summary>The smallest score that is possible.</summary>
    public required double Low { get; init; }

    public required double High { get; init; }

    public MetricDirection Direction { get; init; }

    /// <summary>The judge as it was named; null where no model grades.</summary>
    public string? Judge { get; init; }

    /// <summary>Whether a score is of both answers together: the target's is how good it is beside the source's, the source's the rest to 1.</summary>
    public bool IsOfPair => Kind == GraderKind.Preference;
}
