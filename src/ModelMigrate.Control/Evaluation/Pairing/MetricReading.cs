using ModelMigrate.Core.Evaluation.Gating;
using ModelMigrate.Core.Evaluation.Results;

namespace ModelMigrate.Control.Evaluation.Pairing;

/// <summary>All scores of both arms by one metric.</summary>
/// <param name="Pairs">What the gate judges.</param>
/// <param name="Source">The source's figures.</param>
/// <param name="Target">The target's figures.</param>
/// <param name="Samples">Each row's scores in the data set's order, or empty when there are too many to keep.</param>
/// <param name="TargetCounts">Of a corpus metric each row's counts of the target in the same order; empty for others, and when there are too many.</param>
/// <param name="Worst">Rows in which the target lost most, worst first.</param>
public sealed record MetricReading(
    PairedScores Pairs, ArmFigures Source, ArmFigures Target, IReadOnlyList<(double? Source, double? Target)> Samples, IReadOnlyList<string?> TargetCounts, IReadOnlyList<LostCase> Worst);
