using ModelMigrate.Core.Promptfoo.Asserting.Outside;

namespace ModelMigrate.Control.Evaluation.Promptfoo.Grading.Questions;

/// <summary>How much of what should be known the context holds.</summary>
internal sealed class RecallQuestion : AnswerQuestion
{
    private static readonly VerdictForm s_form = new(
        "recall",
        StatementShare.Schema,
        """
        You find out whether a context holds what is expected to be known. {rule}

        "expected" is a text with statements, "context" is what was retrieved. Take "expected" apart into its statements, one for each sentence, and say of each
        whether the context alone holds it. What you know yourself does not count.
        Answer with one JSON object: "statements", each with "statement", its words, and "held", true only when the context says it.
        """);

    public override async Task<OutsideResult> AskAsync(JudgedAnswer asked, CancellationToken cancel) =>
        StatementShare.Of(asked, await s_form.AskAsync(asked.Judge, cancel, ("expected", asked.Task.Value), ("context", ContextUnits.Whole(asked.Row.Vars) ?? asked.Prompt)));
}
