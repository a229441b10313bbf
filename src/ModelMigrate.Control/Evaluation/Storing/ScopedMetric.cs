using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Core.Metrics;

namespace ModelMigrate.Control.Evaluation.Storing;

/// <summary>A metric of a comparison as a store has it.</summary>
/// <param name="Metric">What it is.</param>
/// <param name="Number">The store's.</param>
/// <param name="Name">What every store knows its scores by.</param>
/// <param name="Grading">Who scores; null: the run itself, with each answer.</param>
public sealed record ScopedMetric(AnswerMetric Metric, long Number, string Name, PlannedGrading? Grading);
