using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Control.Evaluation.Storing;
using ModelMigrate.Core.Metrics;

namespace ModelMigrate.Control.Evaluation.Grading;

/// <summary>Has a metric of one's own score each answer: a program, or an evaluator of .NET.</summary>
public sealed class ScorerGrader(AnswerMetric metric) : AnswerGrader
{
    internal override Task<Graded> GradeAsync(GradingCase at, IReadOnlyList<ArmRole> lacking, CancellationToken cancel) =>
        Task.FromResult(new Graded([.. lacking.Select(role => (role, StoredScore.Of(metric, at.Answer(role)!.Sample(at.Row) with { Prompt = at.Prompt }), (GradingNote?)null))]));
}
