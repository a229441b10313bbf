using ModelMigrate.Core.Metrics.Tokenizing;

namespace ModelMigrate.Core.Metrics.Overlap;

/// <summary>
/// BLEU (Papineni et al. 2002) as sacrebleu computes it: clipped by the most that any reference has of an n-gram, the reference nearest in
/// length (the shorter of two). Counts: lengths of answer and reference, then matches and totals of each n.
/// </summary>
internal sealed class BleuScorer(Tokenizer tokenizer, bool lowercase, int order, BleuSmoothing smoothing, double value, bool? effectiveOrder) : CorpusScorer
{
    /// <summary>NLTK's constant k of method 4.</summary>
    private const double Method4 = 5;

    public override int Width => 2 + (2 * order);

    public override string? Count(AnswerSample sample, Span<double> counts)
    {
        var grams = Ngrams.Of(tokenizer, sample.Prediction!, sample.References, lowercase);
        counts[0] = grams.Count(0);
        counts[1] = Nearest(grams);
        for (var n = 0; n < order; n++)
        {
            counts[2 + n] = grams.Clipped();
            counts[2 + order + n] = grams.Count(0);
            grams.Grow();
        }

        return null;
    }

    public override double Corpus(ReadOnlySpan<double> sums) => Bleu(sums, effectiveOrder ?? false);

    /// <summary>A short answer has no long n-grams: alone it is judged by those that it has.</summary>
    protected override double OfOne(ReadOnlySpan<double> counts) => Bleu(counts, effectiveOrder ?? true);

    private static int Nearest(Ngrams grams)
    {
        var (length, nearest) = (grams.Count(0), grams.Count(1));
        for (var text = 2; text < grams.Texts; text++)
        {
            var (other, distance) = (grams.Count(text), Math.Abs(grams.Count(text) - length));
            nearest = distance < Math.Abs(nearest - length) || (distance == Math.Abs(nearest - length) && other < nearest) ? other : nearest;
        }

        return nearest;
    }

    private double Bleu(ReadOnlySpan<double> counts, bool effective)
    {
        var (length, reference) = (counts[0], counts[1]);
        if (counts.Slice(2, order).IndexOfAnyExcept(0.0) < 0)
        {
            return 0;
        }

        var (sum, used, empty) = (0.0, order, 0);
        for (var n = 0; n < order; n++)
        {
            var added = smoothing == BleuSmoothing.AddK && n > 0 ? value : 0;
            var (matches, total) = (counts[2 + n] + added, counts[2 + order + n] + added);
            if (total == 0)
            {
                if (!effective)
                {
                    return 0;
                }

                break;
            }

            used = effective ? n + 1 : order;
            var precision = matches > 0 ? matches / total : Smoothed(total, length, ref empty);
            if (precision == 0)
            {
                return 0;
            }

            sum += Math.Log(precision);
        }

        return Math.Min(1, (length < reference ? Math.Exp(1 - (reference / length)) : 1) * Math.Exp(sum / used));
    }

    private double Smoothed(double total, double length, ref int empty)
    {
        switch (smoothing)
        {
            case BleuSmoothing.Exponential:
                return 1 / (Math.Pow(2, ++empty) * total);
            case BleuSmoothing.Method4:
                return length > 1 ? Math.Log(length) / (Math.Pow(2, ++empty) * Method4 * total) : 0;
            case BleuSmoothing.Floor:
                return value / total;
            case BleuSmoothing.None or BleuSmoothing.AddK:
                return 0;
            default:
                throw new InvalidOperationException($"{smoothing} is no smoothing.");
        }
    }
}
