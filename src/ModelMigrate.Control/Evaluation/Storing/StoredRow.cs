using ModelMigrate.Control.Evaluation.Asking;

namespace ModelMigrate.Control.Evaluation.Storing;

/// <summary>One kept answer with everything that was made of it.</summary>
/// <param name="Sample">The row's number in its data set.</param>
/// <param name="Repeat">From 0.</param>
/// <param name="Id">The row's.</param>
/// <param name="Answer">What the model said, or why it said nothing.</param>
/// <param name="Scores">Of each metric in the comparison's order; null where there is none.</param>
internal sealed record StoredRow(long Sample, int Repeat, string Id, AskedAnswer Answer, IReadOnlyList<double?> Scores);
