using ModelMigrate.Core.Promptfoo.Asserting.Outside;

namespace ModelMigrate.Control.Evaluation.Promptfoo.Grading.Questions;

/// <summary>How near the embedding of an answer is to those of texts.</summary>
internal sealed class SimilarityQuestion : AnswerQuestion
{
    public override async Task<OutsideResult> AskAsync(JudgedAnswer asked, CancellationToken cancel)
    {
        var answer = await asked.Embedder.EmbedAsync(asked.Answer, cancel);
        if (!answer.IsOk)
        {
            return new OutsideResult { Missing = answer.Why };
        }

        var figures = new List<double>();
        foreach (var text in asked.Task.Texts)
        {
            var reference = await asked.Embedder.EmbedAsync(text, cancel);
            if (!reference.IsOk)
            {
                return new OutsideResult { Missing = reference.Why };
            }

            if (Similarity.Of(asked.Task.Metric, reference.Vector, answer.Vector) is not { } figure)
            {
                return new OutsideResult { Missing = $"The embeddings have {reference.Vector.Count} and {answer.Vector.Count} numbers: they are not of one model." };
            }

            figures.Add(figure);
        }

        return Similarity.Judge(asked.Task, figures, asked.Mode);
    }
}
