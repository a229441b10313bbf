using ModelMigrate.Core.Metrics.Overlap;
using ModelMigrate.Core.Metrics.Tokenizing;

namespace ModelMigrate.Core.Metrics.Editing;

/// <summary>Metrics that count what would have to be changed.</summary>
internal static class EditingMetrics
{
    private static readonly CharTokenizer s_chars = new(keepsSpace: true);

    public static IEnumerable<MetricDefinition> Rows { get; } =
    [
        new()
        {
            Id = "levenshtein",
            Summary = "Levenshtein distance in characters (code points): the fewest insertions, deletions and replacements.",
            High = double.PositiveInfinity,
            Direction = MetricDirection.LowerIsBetter,
            Parameters = [TokenizerParameter.Lowercase(otherwise: false)],
            Create = a =>
            {
                var lowercase = a.Flag("lowercase");
                return ReferenceScorer.Of((prediction, reference) => Distance(prediction, reference, lowercase).Edits, MetricDirection.LowerIsBetter);
            },
        },
        new()
        {
            Id = "levenshtein_similarity",
            Summary = "1 less the Levenshtein distance over the longer text's length.",
            Parameters = [TokenizerParameter.Lowercase(otherwise: false)],
            Create = a =>
            {
                var lowercase = a.Flag("lowercase");
                return ReferenceScorer.Of((prediction, reference) => Distance(prediction, reference, lowercase) is var (edits, longer) && longer > 0 ? 1 - (edits / (double)longer) : 1);
            },
        },
        new()
        {
            Id = "wer",
            Summary = "Word error rate: edits of words per word of the reference; a corpus's is all edits over all words.",
            High = double.PositiveInfinity,
            Direction = MetricDirection.LowerIsBetter,
            Parameters = [MetricParameter.Word("tokenize", "how a text becomes words", "none", "13a", "char"), TokenizerParameter.Lowercase(otherwise: false)],
            Create = a => new WordErrorScorer(TokenizerParameter.Of(a), a.Flag("lowercase")),
        },
    ];

    private static (int Edits, int Longer) Distance(string prediction, string reference, bool lowercase)
    {
        var chars = Ngrams.Of(s_chars, prediction, reference, lowercase);
        return (EditDistance.Of(chars.Text(1), chars.Text(0), chars.Tokens), Math.Max(chars.Count(0), chars.Count(1)));
    }
}
