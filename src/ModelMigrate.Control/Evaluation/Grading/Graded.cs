using ModelMigrate.Control.Evaluation.Judging;
using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Control.Evaluation.Storing;

namespace ModelMigrate.Control.Evaluation.Grading;

/// <summary>What a grader made of one case.</summary>
/// <param name="Scores">Those to keep.</param>
/// <param name="Failure">Why a judge gave no verdict, of the last that gave none.</param>
/// <param name="Why">In words, or null.</param>
internal sealed record Graded(IReadOnlyList<(ArmRole Role, StoredScore Score, GradingNote? Note)> Scores, JudgeFailure Failure = JudgeFailure.None, string? Why = null);
