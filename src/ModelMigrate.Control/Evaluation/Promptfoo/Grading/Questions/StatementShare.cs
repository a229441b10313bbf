using ModelMigrate.Control.Evaluation.Judging;
using ModelMigrate.Core.Promptfoo.Asserting.Outside;

namespace ModelMigrate.Control.Evaluation.Promptfoo.Grading.Questions;

/// <summary>A verdict that is a list of statements, each held by the context or not.</summary>
internal static class StatementShare
{
    public const string Schema =
        """{"type":"object","properties":{"statements":{"type":"array","items":{"type":"object","properties":{"statement":{"type":"string"},"held":{"type":"boolean"}},"required":["statement","held"],"additionalProperties":false}}},"required":["statements"],"additionalProperties":false}""";

    /// <summary>How many of all are held; 0 of none, as in promptfoo.</summary>
    public static OutsideResult Of(JudgedAnswer asked, JudgeReply reply)
    {
        if (reply.Verdict is not { } verdict)
        {
            return new OutsideResult { Missing = reply.Why };
        }

        var statements = verdict.GetProperty("statements").EnumerateArray().ToList();
        var others = statements.Where(static each => !each.GetProperty("held").GetBoolean()).Select(static each => each.GetProperty("statement").GetString()).ToList();
        return OutsideResult.OfShare(
            asked.Task, statements.Count == 0 ? 0 : (double)(statements.Count - others.Count) / statements.Count,
            $"The context holds {statements.Count - others.Count} of {statements.Count} statements{(others.Count == 0 ? "." : $"; not: {string.Join(" | ", others)}")}");
    }
}
