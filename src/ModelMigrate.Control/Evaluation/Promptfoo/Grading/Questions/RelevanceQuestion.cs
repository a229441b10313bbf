using System.Globalization;
using ModelMigrate.Core.Promptfoo.Asserting.Outside;

namespace ModelMigrate.Control.Evaluation.Promptfoo.Grading.Questions;

/// <summary>How much of the context was needed. The judge names parts by number: what it makes up cannot count.</summary>
internal sealed class RelevanceQuestion : AnswerQuestion
{
    private static readonly VerdictForm s_form = new(
        "relevance",
        """{"type":"object","properties":{"needed":{"type":"array","items":{"type":"integer"}}},"required":["needed"],"additionalProperties":false}""",
        """
        You find out what of a context is needed to answer a request. {rule}

        "request" is what was asked, "part 1", "part 2" and so on are the context.
        Answer with one JSON object: "needed", the numbers of the parts without which the request cannot be answered; an empty list when the context does not
        answer it.
        """);

    public override async Task<OutsideResult> AskAsync(JudgedAnswer asked, CancellationToken cancel)
    {
        var parts = ContextUnits.Of(asked.Row.Vars);
        if (parts.Count == 0)
        {
            return new OutsideResult { Missing = "The context is empty." };
        }

        var reply = await s_form.AskAsync(asked.Judge, cancel, [("request", asked.Query ?? asked.Prompt), .. parts.Select(static (part, i) => (string.Create(CultureInfo.InvariantCulture, $"part {i + 1}"), (string?)part))]);
        if (reply.Verdict is not { } verdict)
        {
            return new OutsideResult { Missing = reply.Why };
        }

        var needed = verdict.GetProperty("needed").EnumerateArray().Select(static number => number.GetDouble()).Distinct().ToList();
        return needed.Exists(number => number < 1 || number > parts.Count)
            ? new OutsideResult { Missing = $"The judge named a part that is not there: the context has {parts.Count}." }
            : OutsideResult.OfShare(asked.Task, (double)needed.Count / parts.Count, $"{needed.Count} of {parts.Count} parts of the context are needed.");
    }
}
