using System.Globalization;
using ModelMigrate.Control.Evaluation.Judging;
using ModelMigrate.Core.Promptfoo.Asserting.Outside;

namespace ModelMigrate.Control.Evaluation.Promptfoo.Grading.Questions;

/// <summary>
/// G-Eval (Liu et al. 2023): a model works out how to check a criterion, and scores by that. The steps of a criterion are worked out once in a run, so that all its
/// answers are held against the same ones.
/// </summary>
internal sealed class StepsQuestion : AnswerQuestion
{
    private const int Highest = 10;

    private const int MostKept = 1024;

    private static readonly VerdictForm s_steps = new(
        "steps",
        """{"type":"object","properties":{"steps":{"type":"array","items":{"type":"string"}}},"required":["steps"],"additionalProperties":false}""",
        """
        You work out how to check answers against one criterion. {rule}

        "criterion" is what answers must meet. Answer with one JSON object: "steps", three or four short steps that check it of any answer, in the order in which
        one takes them.
        """);

    private static readonly VerdictForm s_score = new(
        "score",
        """{"type":"object","properties":{"reason":{"type":"string"},"score":{"type":"integer"}},"required":["reason","score"],"additionalProperties":false}""",
        """
        You score one answer by one criterion and nothing else. {rule}

        "criterion" is what the answer must meet, "steps" are how it is checked, "request" is what was asked, "answer" is what you score. Take the steps one by one.
        Answer with one JSON object: "reason", a sentence or two that name what of the answer decides, without the score, and then "score", a whole number from 0,
        the criterion is not met at all, to 10, it is met fully.
        """);

    private readonly KeptOnce<JudgeReply> _kept = new(MostKept, static reply => Steps(reply).Count > 0);

    public override async Task<OutsideResult> AskAsync(JudgedAnswer asked, CancellationToken cancel)
    {
        var (sum, reasons) = (0.0, new List<string>());
        foreach (var criterion in asked.Task.Texts)
        {
            var planned = await _kept.OfAsync(Key(asked, criterion), () => s_steps.AskAsync(asked.Judge, cancel, ("criterion", criterion)));
            var steps = Steps(planned);
            if (steps.Count == 0)
            {
                return new OutsideResult { Missing = planned.Why ?? "The judge worked out no steps." };
            }

            var reply = await s_score.AskAsync(asked.Judge, cancel, ("criterion", criterion), ("steps", string.Join('\n', steps)), ("request", asked.Prompt), ("answer", asked.Answer));
            if (reply.Verdict is not { } verdict)
            {
                return new OutsideResult { Missing = reply.Why };
            }

            var score = verdict.GetProperty("score").GetDouble();
            if (score is < 0 or > Highest)
            {
                return new OutsideResult { Missing = $"The judge gave a score that is not from 0 to {Highest}." };
            }

            sum += score / Highest;
            reasons.Add(verdict.GetProperty("reason").GetString()!);
        }

        var mean = sum / asked.Task.Texts.Count;
        return new OutsideResult { Pass = mean >= asked.Task.Threshold, Score = mean, TurnsScore = true, Reason = string.Join(' ', reasons) };
    }

    private static string Key(JudgedAnswer asked, string criterion) => string.Create(CultureInfo.InvariantCulture, $"{asked.Judge.Model.Fingerprint}\n{criterion}");

    private static List<string> Steps(JudgeReply reply) => reply.Verdict is { } verdict ? [.. verdict.GetProperty("steps").EnumerateArray().Select(static step => step.GetString()!).Where(static step => step.AsSpan().Trim().Length > 0)] : [];
}
