using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Control.Evaluation.Storing;

namespace ModelMigrate.Control.Evaluation.Grading;

/// <summary>One score that a program or a judge gave, ready to be kept.</summary>
/// <param name="Sample">The row's number.</param>
/// <param name="Repeat">From 0.</param>
/// <param name="Role">Whose answer.</param>
/// <param name="Metric">By the store's number.</param>
/// <param name="Score">The score, or why there is none.</param>
/// <param name="Note">What it took; null where nobody was asked for it alone. Of a pair it stands at the target's score.</param>
internal sealed record GradedAnswer(long Sample, int Repeat, ArmRole Role, long Metric, StoredScore Score, GradingNote? Note);
