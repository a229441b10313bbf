using ModelMigrate.Core.Promptfoo.Asserting.Outside;

namespace ModelMigrate.Control.Evaluation.Promptfoo.Grading.Questions;

/// <summary>Whether an answer speaks to what was asked: how near the questions that it would answer are to the one that was put.</summary>
internal sealed class AnswerRelevanceQuestion : AnswerQuestion
{
    /// <summary>promptfoo's.</summary>
    private const int Guesses = 3;

    private static readonly VerdictForm s_form = new(
        "questions",
        """{"type":"object","properties":{"questions":{"type":"array","items":{"type":"string"}}},"required":["questions"],"additionalProperties":false}""",
        """
        You guess what was asked. {rule}

        "answer" is an answer whose question is lost. Answer with one JSON object: "questions", three questions that it would be the whole answer to, each in other words.
        """);

    public override async Task<OutsideResult> AskAsync(JudgedAnswer asked, CancellationToken cancel)
    {
        var reply = await s_form.AskAsync(asked.Judge, cancel, ("answer", asked.Answer));
        if (reply.Verdict is not { } verdict)
        {
            return new OutsideResult { Missing = reply.Why };
        }

        var questions = verdict.GetProperty("questions").EnumerateArray().Select(static each => each.GetString()!).Where(static each => each.AsSpan().Trim().Length > 0).ToList();
        if (questions.Count != Guesses)
        {
            return new OutsideResult { Missing = $"The judge guessed {questions.Count} questions, not {Guesses}." };
        }

        var put = await asked.Embedder.EmbedAsync(asked.Query ?? asked.Prompt, cancel);
        var sum = 0.0;
        foreach (var question in questions)
        {
            var guessed = put.IsOk ? await asked.Embedder.EmbedAsync(question, cancel) : put;
            if (!guessed.IsOk || !put.IsOk)
            {
                return new OutsideResult { Missing = guessed.Why };
            }

            if (Similarity.Of(SimilarityMetric.Cosine, put.Vector, guessed.Vector) is not { } figure)
            {
                return new OutsideResult { Missing = $"The embeddings have {put.Vector.Count} and {guessed.Vector.Count} numbers: they are not of one model." };
            }

            sum += figure;
        }

        return OutsideResult.OfShare(asked.Task, sum / Guesses, $"It would answer: {string.Join(" | ", questions)}");
    }
}
