using ModelMigrate.Core.Metrics.Tokenizing;

namespace ModelMigrate.Core.Metrics.Overlap;

/// <summary>
/// Google's sentence BLEU (Wu et al. 2016): n-grams of 1 to 4 together, the smaller of precision and recall, by the best reference.
/// Counts: shared n-grams, and the larger of both texts' totals.
/// </summary>
internal sealed class GleuScorer(Tokenizer tokenizer, bool lowercase, int least, int most) : CorpusScorer
{
    public override int Width => 2;

    public override string? Count(AnswerSample sample, Span<double> counts)
    {
        var best = -1.0;
        foreach (var reference in sample.References)
        {
            var grams = Ngrams.Of(tokenizer, sample.Prediction!, reference, lowercase);
            var (shared, answer, other) = (0, 0, 0);
            for (var n = 1; n <= most; n++)
            {
                if (n >= least)
                {
                    (shared, answer, other) = (shared + grams.Shared(1), answer + grams.Count(0), other + grams.Count(1));
                }

                grams.Grow();
            }

            var larger = Math.Max(answer, other);
            if (larger == 0 ? best < 0 : shared / (double)larger > best)
            {
                best = larger == 0 ? 0 : shared / (double)larger;
                (counts[0], counts[1]) = (shared, larger);
            }
        }

        return null;
    }

    public override double Corpus(ReadOnlySpan<double> sums) => sums[1] > 0 ? sums[0] / sums[1] : 0;
}
