using ModelMigrate.Core.Metrics.Tokenizing;

namespace ModelMigrate.Core.Metrics.Overlap;

/// <summary>
/// chrF (Popović 2015) and, with words, chrF++ (2017) as sacrebleu computes them: precision and recall averaged over the lengths that both texts have, then
/// Fβ; or, with eps smoothing, the mean of each length's F. Counts of each length: n-grams of the answer, of the reference, shared; of the
/// reference by which the sentence scores best.
/// </summary>
internal sealed class ChrfScorer(int charOrder, int wordOrder, double beta, bool lowercase, bool keepsSpace, bool eps) : CorpusScorer
{
    private const double Epsilon = 1e-16;

    private readonly CharTokenizer _chars = new(keepsSpace);
    private readonly ChrfWordTokenizer _words = new();

    public override int Width => 3 * (charOrder + wordOrder);

    public override string? Count(AnswerSample sample, Span<double> counts)
    {
        Span<double> one = stackalloc double[Width];
        var best = -1.0;
        foreach (var reference in sample.References)
        {
            Fill(Ngrams.Of(_chars, sample.Prediction!, reference, lowercase), charOrder, one);
            if (wordOrder > 0)
            {
                Fill(Ngrams.Of(_words, sample.Prediction!, reference, lowercase), wordOrder, one[(3 * charOrder)..]);
            }

            var score = Corpus(one);
            if (score > best)
            {
                best = score;
                one.CopyTo(counts);
            }
        }

        return null;
    }

    public override double Corpus(ReadOnlySpan<double> sums)
    {
        var (mean, precisions, recalls, effective, factor) = (0.0, 0.0, 0.0, 0, beta * beta);
        for (var n = 0; n < charOrder + wordOrder; n++)
        {
            var (answer, reference, shared) = (sums[3 * n], sums[(3 * n) + 1], sums[(3 * n) + 2]);
            var precision = answer > 0 ? shared / answer : Epsilon;
            var recall = reference > 0 ? shared / reference : Epsilon;
            var weighted = (factor * precision) + recall;
            mean += weighted > 0 ? (1 + factor) * precision * recall / weighted : Epsilon;
            if (answer > 0 && reference > 0)
            {
                (precisions, recalls, effective) = (precisions + precision, recalls + recall, effective + 1);
            }
        }

        if (eps)
        {
            return mean / (charOrder + wordOrder);
        }

        var (p, r) = effective == 0 ? (0, 0) : (precisions / effective, recalls / effective);
        return p + r > 0 ? (1 + factor) * p * r / ((factor * p) + r) : 0;
    }

    private static void Fill(Ngrams grams, int order, Span<double> counts)
    {
        for (var n = 0; n < order; n++)
        {
            var reference = grams.Count(1);
            // Without any n-gram of the reference the answer's do not count against it.
            (counts[3 * n], counts[(3 * n) + 1], counts[(3 * n) + 2]) = (reference > 0 ? grams.Count(0) : 0, reference, grams.Shared(1));
            grams.Grow();
        }
    }
}
