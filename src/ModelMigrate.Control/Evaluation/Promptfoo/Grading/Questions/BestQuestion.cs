using System.Globalization;
using ModelMigrate.Control.Evaluation.Judging;
using ModelMigrate.Core.Promptfoo;
using ModelMigrate.Core.Promptfoo.Asserting.Outside;

namespace ModelMigrate.Control.Evaluation.Promptfoo.Grading.Questions;

/// <summary>Which of several answers is the best. Judges favour places, so strict asks in both orders, and a verdict that turns with the order is a tie.</summary>
internal static class BestQuestion
{
    private static readonly VerdictForm s_form = new(
        "best",
        """{"type":"object","properties":{"reason":{"type":"string"},"best":{"type":"integer"}},"required":["reason","best"],"additionalProperties":false}""",
        """
        You compare answers to the same request by one criterion and nothing else. {rule}

        "criterion" is what the best answer meets most, "answer 1", "answer 2" and so on are the answers; their order means nothing.
        Answer with one JSON object: "reason", a sentence or two that name what decides, and then "best", the number of the answer that meets the criterion best.
        """);

    /// <summary>What comes of each answer.</summary>
    public static async Task<IReadOnlyList<OutsideResult>> AskAsync(JudgeModel judge, OutsideTask task, IReadOnlyList<string> answers, PromptfooMode mode, CancellationToken cancel)
    {
        var (first, reason) = await OnceAsync(judge, task.Value, answers, cancel);
        var (second, other) = mode == PromptfooMode.Compat || first is null ? (first, reason) : await OnceAsync(judge, task.Value, [.. answers.Reverse()], cancel);
        second = mode == PromptfooMode.Strict ? answers.Count - 1 - second : second;
        return first is null || second is null ? [.. answers.Select(_ => new OutsideResult { Missing = first is null ? reason : other })]
            : first == second ? [.. answers.Select((_, i) => new OutsideResult { Pass = i == first, Reason = i == first ? $"The best: {reason}" : $"Another answer is better: {reason}" })]
            : [.. answers.Select((_, i) => Tied(i == first || i == second))];
    }

    private static OutsideResult Tied(bool isNamed) => isNamed
        ? new OutsideResult { Pass = true, Score = 0.5, Reason = "A tie: the judge named another answer when their order was turned round." }
        : new OutsideResult { Pass = false, Reason = "Two other answers are better." };

    /// <summary>From 0; null with the reason why there is no verdict.</summary>
    private static async Task<(int? Best, string Reason)> OnceAsync(JudgeModel judge, string criterion, IReadOnlyList<string> answers, CancellationToken cancel)
    {
        var reply = await s_form.AskAsync(judge, cancel, [("criterion", criterion), .. answers.Select(static (answer, i) => (string.Create(CultureInfo.InvariantCulture, $"answer {i + 1}"), (string?)answer))]);
        if (reply.Verdict is not { } verdict)
        {
            return (null, reply.Why!);
        }

        var best = verdict.GetProperty("best").GetDouble();
        return best >= 1 && best <= answers.Count ? ((int)best - 1, verdict.GetProperty("reason").GetString()!) : (null, $"The judge named an answer that is not there: there are {answers.Count}.");
    }
}
