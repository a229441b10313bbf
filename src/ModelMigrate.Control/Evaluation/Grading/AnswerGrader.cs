using ModelMigrate.Control.Evaluation.Planning;

namespace ModelMigrate.Control.Evaluation.Grading;

/// <summary>Scores answers that are kept already: a program, an evaluator or a judge. Asked by any number at once.</summary>
public abstract class AnswerGrader
{
    /// <summary>The scores of <paramref name="lacking"/>, of which each has an answer or an error. A judge that may not be asked any more has none to keep.</summary>
    internal abstract Task<Graded> GradeAsync(GradingCase at, IReadOnlyList<ArmRole> lacking, CancellationToken cancel);
}
