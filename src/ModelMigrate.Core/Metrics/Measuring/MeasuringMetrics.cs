using ModelMigrate.Core.Metrics.Tokenizing;

namespace ModelMigrate.Core.Metrics.Measuring;

/// <summary>Metrics of size, time, money and distance between vectors.</summary>
internal static class MeasuringMetrics
{
    public static IEnumerable<MetricDefinition> Rows { get; } =
    [
        new()
        {
            Id = "cosine_embedding",
            Summary = "Cosine of the embeddings of answer and reference, given as vectors of one named model.",
            Low = -1,
            Parameters = [MetricParameter.Text("model", otherwise: null, "the embedding model that the vectors are of: no two models' cosines compare")],
            Create = _ => new ReferenceScorer(EmbeddingCosine.Of),
        },
        new()
        {
            Id = "length_ratio",
            Summary = "Words of the answer over words of the reference.",
            High = double.PositiveInfinity,
            Direction = MetricDirection.Neither,
            Create = _ => new AnswerScorer(static sample => Ratio(sample) is var (answer, reference) && reference > 0
                ? MetricScore.Of(answer / (double)reference)
                : MetricScore.Without("The reference has no words.")),
        },
        new()
        {
            Id = "length_ratio_sym",
            Summary = "The shorter of answer and reference over the longer, in words; of two empty ones 1.",
            Create = _ => ReferenceScorer.Of(static (prediction, reference) => (PythonText.Words(prediction), PythonText.Words(reference)) is var (a, r) && Math.Max(a, r) > 0
                ? Math.Min(a, r) / (double)Math.Max(a, r)
                : 1),
        },
        new()
        {
            Id = "length_ratio_doc",
            Summary = "The ratio r of lengths in words as the migration guide scores it, not below 0: r up to 1, above it 2 - r.",
            Create = _ => ReferenceScorer.Of(static (prediction, reference) => Math.Max(0, Documents.DocumentMetrics.LengthRatio(prediction, reference))),
        },
        new()
        {
            Id = "word_count",
            Summary = "Words of the answer.",
            Need = MetricNeed.Prediction,
            High = double.PositiveInfinity,
            Direction = MetricDirection.Neither,
            Create = _ => new AnswerScorer(static sample => MetricScore.Of(PythonText.Words(sample.Prediction!))),
        },
        new()
        {
            Id = "latency",
            Summary = "Milliseconds until the whole answer was there (latency_ms).",
            Need = MetricNeed.Latency,
            High = double.PositiveInfinity,
            Direction = MetricDirection.LowerIsBetter,
            Create = _ => new AnswerScorer(static sample => MetricScore.Of(sample.LatencyMs!.Value)),
        },
        new()
        {
            Id = "ttft",
            Summary = "Milliseconds until the first piece of a streamed answer was there (ttft_ms).",
            Need = MetricNeed.FirstToken,
            High = double.PositiveInfinity,
            Direction = MetricDirection.LowerIsBetter,
            Create = _ => new AnswerScorer(static sample => MetricScore.Of(sample.FirstTokenMs!.Value)),
        },
        new()
        {
            Id = "cost",
            Summary = "What the answer cost (cost).",
            Need = MetricNeed.Cost,
            High = double.PositiveInfinity,
            Direction = MetricDirection.LowerIsBetter,
            Create = _ => new AnswerScorer(static sample => MetricScore.Of(sample.Cost!.Value)),
        },
    ];

    /// <summary>Of several references that nearest in length counts, for no ratio is the best.</summary>
    private static (int Answer, int Reference) Ratio(AnswerSample sample)
    {
        var answer = PythonText.Words(sample.Prediction!);
        return (answer, sample.References.Select(PythonText.Words).MinBy(words => Math.Abs(words - answer)));
    }
}
