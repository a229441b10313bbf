using ModelMigrate.Core.Promptfoo.Asserting.Outside;

namespace ModelMigrate.Control.Evaluation.Promptfoo.Grading.Questions;

/// <summary>How the facts of an answer stand to those of experts.</summary>
internal sealed class FactsQuestion : AnswerQuestion
{
    private static readonly VerdictForm s_form = new(
        "facts",
        """{"type":"object","properties":{"reason":{"type":"string"},"relation":{"type":"string","enum":["subset","superset","same","contradicts","differs_not_in_facts"]}},"required":["reason","relation"],"additionalProperties":false}""",
        """
        You compare what an answer says with what experts say, in facts alone: style, grammar and punctuation do not count. {rule}

        "request" is what was asked, "expert" is what is true, "answer" is what you compare with it.
        Answer with one JSON object: "reason", a sentence or two, and then "relation": subset when the answer says a part of it and contradicts none, superset when
        it says all of it and more and contradicts none, same when it says the same, contradicts when anything in it contradicts the expert, differs_not_in_facts
        when the differences do not matter for facts.
        """);

    public override async Task<OutsideResult> AskAsync(JudgedAnswer asked, CancellationToken cancel)
    {
        var reply = await s_form.AskAsync(asked.Judge, cancel, ("request", asked.Prompt), ("expert", asked.Task.Value), ("answer", asked.Answer));
        if (reply.Verdict is not { } verdict)
        {
            return new OutsideResult { Missing = reply.Why };
        }

        var relation = verdict.GetProperty("relation").GetString();
        return new OutsideResult { Pass = relation != "contradicts", Reason = $"{verdict.GetProperty("reason").GetString()} ({relation})" };
    }
}
