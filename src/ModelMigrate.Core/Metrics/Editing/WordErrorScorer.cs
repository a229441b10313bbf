using ModelMigrate.Core.Metrics.Overlap;
using ModelMigrate.Core.Metrics.Tokenizing;

namespace ModelMigrate.Core.Metrics.Editing;

/// <summary>Word error rate: words inserted, deleted and replaced, per word of the reference with the lowest rate. Counts: edits, words.</summary>
internal sealed class WordErrorScorer(Tokenizer tokenizer, bool lowercase) : CorpusScorer
{
    public override int Width => 2;

    public override string? Count(AnswerSample sample, Span<double> counts)
    {
        var best = double.PositiveInfinity;
        foreach (var reference in sample.References)
        {
            var words = Ngrams.Of(tokenizer, sample.Prediction!, reference, lowercase);
            var edits = EditDistance.Of(words.Text(1), words.Text(0), words.Tokens);
            var length = words.Count(1);
            var rate = length > 0 ? edits / (double)length : edits == 0 ? 0 : double.PositiveInfinity;
            if (rate < best)
            {
                best = rate;
                (counts[0], counts[1]) = (edits, length);
            }
        }

        return double.IsFinite(best) ? null : "The reference has no words, so that a rate of errors per word is not defined; leave the case out.";
    }

    public override double Corpus(ReadOnlySpan<double> sums) => sums[1] > 0 ? sums[0] / sums[1] : sums[0] == 0 ? 0 : double.NaN;
}
