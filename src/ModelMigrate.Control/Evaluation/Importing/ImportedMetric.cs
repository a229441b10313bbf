using ModelMigrate.Core.Evaluation.Results;
using ModelMigrate.Core.Metrics;

namespace ModelMigrate.Control.Evaluation.Importing;

/// <summary>One metric of a run of another tool.</summary>
public sealed record ImportedMetric
{
    public required string Id { get; init; }

    /// <summary>Tool, metric and version: scores of unlike signatures are not comparable.</summary>
    public required string Signature { get; init; }

    /// <summary><see cref="MetricDirection.Neither"/> when nothing says which way it improves.</summary>
    public required MetricDirection Direction { get; init; }

    /// <summary>The largest difference that one case can make; infinite when unknown.</summary>
    public double Range { get; init; } = double.PositiveInfinity;

    /// <summary>Whether its scores are in the cases; else there is only what the tool says of all of them.</summary>
    public required bool HasCases { get; init; }

    /// <summary>What the tool says of all cases; null when it says nothing.</summary>
    public ArmFigures? Whole { get; init; }
}
