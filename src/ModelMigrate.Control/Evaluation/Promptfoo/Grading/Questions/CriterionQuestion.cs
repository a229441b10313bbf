using ModelMigrate.Core.Promptfoo.Asserting.Outside;

namespace ModelMigrate.Control.Evaluation.Promptfoo.Grading.Questions;

/// <summary>Whether an answer meets a criterion.</summary>
internal sealed class CriterionQuestion : AnswerQuestion
{
    private static readonly VerdictForm s_form = new(
        "criterion",
        """{"type":"object","properties":{"reason":{"type":"string"},"meets":{"type":"boolean"}},"required":["reason","meets"],"additionalProperties":false}""",
        """
        You say whether one answer meets one criterion. {rule}

        "request" is what was asked, "criterion" is what an answer must meet, "answer" is what you judge.
        Answer with one JSON object: "reason", a sentence or two, and then "meets", true only when the criterion is met.
        """);

    public override async Task<OutsideResult> AskAsync(JudgedAnswer asked, CancellationToken cancel)
    {
        var reply = await s_form.AskAsync(asked.Judge, cancel, ("request", asked.Prompt), ("criterion", asked.Task.Value), ("answer", asked.Answer));
        return reply.Verdict is { } verdict ? new OutsideResult { Pass = verdict.GetProperty("meets").GetBoolean(), Reason = verdict.GetProperty("reason").GetString()! } : new OutsideResult { Missing = reply.Why };
    }
}
