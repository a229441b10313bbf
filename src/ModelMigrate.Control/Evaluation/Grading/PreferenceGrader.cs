using System.Text.Json;
using ModelMigrate.Control.Evaluation.Judging;
using ModelMigrate.Control.Evaluation.Judging.Pairs;
using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Control.Evaluation.Storing;

namespace ModelMigrate.Control.Evaluation.Grading;

/// <summary>
/// Has a judge say which of both answers is better, in both orders. The target's score is how good it is beside the source's, 1, ½ or 0, the source's the rest
/// to 1, so that their difference is wins less losses.
/// </summary>
/// <param name="judge">Shares its limit of cost with the other judges.</param>
/// <param name="rounds">How often each pair is judged in both orders.</param>
public sealed class PreferenceGrader(JudgeModel judge, int rounds) : AnswerGrader
{
    /// <summary>Everything that the verdicts depend on beside the answers.</summary>
    public string Signature => new PairwiseJudge(judge, rounds).Signature;

    internal override async Task<Graded> GradeAsync(GradingCase at, IReadOnlyList<ArmRole> lacking, CancellationToken cancel)
    {
        if (at is not { Source: { } source, Target: { } target })
        {
            return new Graded([]);
        }

        if ((source.Error ?? target.Error) is { } error)
        {
            return Both(share: null, $"{(source.Error is null ? "The target" : "The source")} has no answer: {error}", note: null);
        }

        var asked = judge.Apart();
        var outcome = await new PairwiseJudge(asked, rounds).JudgeAsync(new PairCase(at.Prompt, source.Text!, target.Text!, at.Reference), cancel);
        if (outcome.Failure == JudgeFailure.CostLimit)
        {
            return new Graded([], outcome.Failure);
        }

        var failure = outcome.Share is null && outcome.Failure == JudgeFailure.Unreachable ? "unreachable" : null;
        var detail = outcome.Share is null ? null : JsonSerializer.Serialize(PreferenceDetail.Of(outcome, (long)target.Text!.Length - source.Text!.Length), RubricDetail.Json);
        return Both(outcome.Share, outcome.Missing, new GradingNote(asked.Usage.Cost, failure, detail)) with { Failure = failure is null ? JudgeFailure.None : outcome.Failure, Why = outcome.Missing };
    }

    private static Graded Both(double? share, string? missing, GradingNote? note) => new(
    [
        (ArmRole.Source, new StoredScore(1 - share, share is null ? missing : null, Counts: null), null),
        (ArmRole.Target, new StoredScore(share, share is null ? missing : null, Counts: null), note),
    ]);
}
