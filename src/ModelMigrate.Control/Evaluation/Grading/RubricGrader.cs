using System.Text.Json;
using ModelMigrate.Control.Evaluation.Judging;
using ModelMigrate.Control.Evaluation.Judging.Rubrics;
using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Control.Evaluation.Storing;

namespace ModelMigrate.Control.Evaluation.Grading;

/// <summary>Has a judge grade each answer by itself.</summary>
/// <param name="judge">Shares its limit of cost with the other judges.</param>
/// <param name="rubric">By what.</param>
/// <param name="rounds">How often each answer is graded.</param>
public sealed class RubricGrader(JudgeModel judge, Rubric rubric, int rounds) : AnswerGrader
{
    /// <summary>Everything that the grades depend on beside the answers.</summary>
    public string Signature => new RubricJudge(judge, rubric, rounds).Signature;

    internal override async Task<Graded> GradeAsync(GradingCase at, IReadOnlyList<ArmRole> lacking, CancellationToken cancel)
    {
        var scores = new List<(ArmRole, StoredScore, GradingNote?)>();
        foreach (var role in lacking)
        {
            var answer = at.Answer(role)!;
            if (answer.Error is { } error)
            {
                scores.Add((role, new StoredScore(Value: null, $"The answer is an error: {error}", Counts: null), null));
                continue;
            }

            // Sums of its own: what this answer's grade cost is kept with it.
            var asked = judge.Apart();
            var outcome = await new RubricJudge(asked, rubric, rounds).JudgeAsync(new RubricCase(at.Prompt, answer.Text!, at.Reference), cancel);
            if (outcome.Failure == JudgeFailure.CostLimit)
            {
                return new Graded(scores, outcome.Failure);
            }

            var failure = outcome.Score is null && outcome.Failure == JudgeFailure.Unreachable ? "unreachable" : null;
            var detail = outcome.Score is null ? null : JsonSerializer.Serialize(new RubricDetail(outcome.Grades, outcome.Reasons), RubricDetail.Json);
            scores.Add((role, new StoredScore(outcome.Score, outcome.Score is null ? outcome.Missing : null, Counts: null), new GradingNote(asked.Usage.Cost, failure, detail)));
            if (failure is not null)
            {
                return new Graded(scores, outcome.Failure, outcome.Missing);
            }
        }

        return new Graded(scores);
    }
}
