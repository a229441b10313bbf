using ModelMigrate.Core.Catalog;

namespace ModelMigrate.Evaluating.Grading;

/// <summary>A metric that a model grades, for the estimate of its cost.</summary>
/// <param name="Name">The metric's.</param>
/// <param name="Judge">The model.</param>
/// <param name="CallsPerRow">Of one row asked once, both arms together.</param>
/// <param name="Answers">Answers that a call shows.</param>
/// <param name="Words">Characters of a call beside request and answers.</param>
internal sealed record Judged(string Name, ModelSnapshot Judge, int CallsPerRow, int Answers, int Words);
