namespace ModelMigrate.Core.Metrics;

/// <summary>
/// A metric whose value for many samples is not the mean of their scores but a function of summed counts: BLEU, chrF, GLEU, WER. The
/// counts of each sample are kept, so that a bootstrap over samples only has to add them up again.
/// </summary>
public abstract class CorpusScorer : Scorer
{
    /// <summary>How many counts a sample has.</summary>
    public abstract int Width { get; }

    /// <summary>Writes the counts of one sample; null, or why it has none.</summary>
    public abstract string? Count(AnswerSample sample, Span<double> counts);

    /// <summary>The value of summed counts of a corpus, in the metric's range; NaN when the counts define none.</summary>
    public abstract double Corpus(ReadOnlySpan<double> sums);

    /// <summary>The value of one sample's counts.</summary>
    protected virtual double OfOne(ReadOnlySpan<double> counts) => Corpus(counts);

    public sealed override MetricScore Score(AnswerSample sample) => Score(sample, stackalloc double[Width]);

    /// <summary>The score, and the counts that it is of.</summary>
    internal MetricScore Score(AnswerSample sample, Span<double> counts) =>
        Count(sample, counts) is { } missing ? MetricScore.Without(missing) : MetricScore.Of(OfOne(counts));
}
