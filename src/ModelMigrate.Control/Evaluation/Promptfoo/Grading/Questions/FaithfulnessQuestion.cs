using ModelMigrate.Core.Promptfoo.Asserting.Outside;

namespace ModelMigrate.Control.Evaluation.Promptfoo.Grading.Questions;

/// <summary>How much of what an answer says stands in the context.</summary>
internal sealed class FaithfulnessQuestion : AnswerQuestion
{
    private static readonly VerdictForm s_form = new(
        "faithfulness",
        StatementShare.Schema,
        """
        You find out whether an answer keeps to a context. {rule}

        "request" is what was asked, "answer" is what you look at, "context" is all that the answer may rest on. Take the answer apart into statements that can be
        understood by themselves, one or more for each sentence, and say of each whether it follows from the context. What you know yourself does not count.
        Answer with one JSON object: "statements", each with "statement", its words, and "held", true only when it follows from the context.
        """);

    public override async Task<OutsideResult> AskAsync(JudgedAnswer asked, CancellationToken cancel) => StatementShare.Of(
        asked, await s_form.AskAsync(asked.Judge, cancel, ("request", asked.Query ?? asked.Prompt), ("context", ContextUnits.Whole(asked.Row.Vars)), ("answer", asked.Answer)));
}
