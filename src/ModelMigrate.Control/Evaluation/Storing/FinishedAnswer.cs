using ModelMigrate.Control.Evaluation.Asking;
using ModelMigrate.Control.Evaluation.Datasets;
using ModelMigrate.Control.Evaluation.Planning;

namespace ModelMigrate.Control.Evaluation.Storing;

/// <summary>One answer with its scores, ready to be kept.</summary>
/// <param name="Row">The row.</param>
/// <param name="Role">Which model answered.</param>
/// <param name="Repeat">From 0.</param>
/// <param name="Key">What the answer is found by again.</param>
/// <param name="Answer">The answer, or why there is none.</param>
/// <param name="Scores">One for each metric that the run itself scores, in the plan's order.</param>
internal sealed record FinishedAnswer(DatasetRow Row, ArmRole Role, int Repeat, byte[] Key, AskedAnswer Answer, IReadOnlyList<StoredScore> Scores);
