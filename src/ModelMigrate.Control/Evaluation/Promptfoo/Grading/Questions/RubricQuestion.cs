using System.Text.Json;
using ModelMigrate.Control.Evaluation.Judging;
using ModelMigrate.Core.Promptfoo;
using ModelMigrate.Core.Promptfoo.Asserting.Outside;

namespace ModelMigrate.Control.Evaluation.Promptfoo.Grading.Questions;

/// <summary>How much of a rubric an answer meets.</summary>
internal sealed class RubricQuestion : AnswerQuestion
{
    private static readonly VerdictForm s_form = new(
        "grade",
        """{"type":"object","properties":{"reason":{"type":"string"},"pass":{"type":"boolean"},"score":{"type":"number"}},"required":["reason","pass","score"],"additionalProperties":false}""",
        """
        You grade one answer by a rubric and nothing else. {rule}

        "rubric" is what an answer must do, "answer" is what you grade.
        Answer with one JSON object: "reason", a sentence or two that name what of the rubric is met and what is not, then "pass", whether the rubric is met, and
        "score", from 0, nothing of it is met, to 1, all of it is.
        """);

    public override async Task<OutsideResult> AskAsync(JudgedAnswer asked, CancellationToken cancel)
    {
        if (asked.Task.Assertion.RubricPrompt is { } own)
        {
            return await OwnAsync(asked, own, cancel);
        }

        var reply = await s_form.AskAsync(asked.Judge, cancel, ("rubric", asked.Task.Value), ("answer", asked.Answer));
        if (reply.Verdict is not { } verdict)
        {
            return new OutsideResult { Missing = reply.Why };
        }

        var score = verdict.GetProperty("score").GetDouble();
        return score is < 0 or > 1 ? new OutsideResult { Missing = "The judge gave a score that is not from 0 to 1." }
            : new OutsideResult { Pass = verdict.GetProperty("pass").GetBoolean() && !(score < asked.Task.Threshold), Score = score, TurnsScore = true, Reason = verdict.GetProperty("reason").GetString()! };
    }

    /// <summary>In the configuration's words, where whatever the answer says stands among them.</summary>
    private static async Task<OutsideResult> OwnAsync(JudgedAnswer asked, PromptfooPrompt own, CancellationToken cancel)
    {
        var vars = new Dictionary<string, JsonElement>(asked.Row.Vars, StringComparer.Ordinal) { ["output"] = JsonSerializer.SerializeToElement(asked.Answer), ["rubric"] = JsonSerializer.SerializeToElement(asked.Task.Value) };
        if (own.Render(vars, out var fault) is not { } rendered || RenderedPrompt.Conversation(rendered, out fault) is not var (system, turns))
        {
            return new OutsideResult { Missing = $"rubricPrompt: {fault}" };
        }

        var reply = await asked.Judge.AskAsync(system, turns, JudgeShape.Any, cancel);
        return reply.Verdict is { } said ? RubricPromptVerdict.Of(said, asked.Task, asked.Mode) : new OutsideResult { Missing = reply.Why };
    }
}
