using ModelMigrate.Core.Metrics.Matching;
using ModelMigrate.Core.Metrics.Overlap;
using ModelMigrate.Core.Metrics.Tokenizing;

namespace ModelMigrate.Core.Metrics.Documents;

/// <summary>The metrics of the migration guide, by its ids and with its arithmetic, bit for bit: to verify against it, not to decide by.</summary>
internal static class DocumentMetrics
{
    public static IEnumerable<MetricDefinition> Rows { get; } =
    [
        Row("exact_match", "Equal but for case and white space at the ends.", MatchingMetrics.Trimmed),
        Row("f1_score", "F1 of lower-cased words as sets; 0 when either text is empty.", static (prediction, reference) => WordSets.Of(prediction, reference).F),
        Row("semantic_similarity", "Shared words over all words, as sets; 0 when either text is empty. It knows words, not meanings.", Jaccard),
        Row("rouge_l", "F1 of the longest common subsequence of lower-cased words.", static (prediction, reference) => OverlapMetrics.RougeL(new WordTokenizer(), prediction, reference, lowercase: true).F),
        Row("response_length_ratio", "Ratio r of the lengths in words: r up to 1, above it 2 - r, below 0 from twice the length on; 0 without a reference.", LengthRatio) with { Low = double.NegativeInfinity },
    ];

    /// <summary>r up to 1, above it 2 − r; 0 when the reference has no words.</summary>
    public static double LengthRatio(string prediction, string reference)
    {
        var words = PythonText.Words(reference);
        var ratio = words == 0 ? 0 : PythonText.Words(prediction) / (double)words;
        return ratio > 1 ? 2 - ratio : ratio;
    }

    private static double Jaccard(string prediction, string reference) =>
        WordSets.Of(prediction, reference) is var sets && sets.Shared > 0 ? sets.Shared / (double)sets.All : 0;

    private static MetricDefinition Row(string id, string summary, Func<string, string, double> of) =>
        new() { Id = id, Summary = summary, Profile = MetricProfile.Documents, Create = _ => ReferenceScorer.Of(of) };
}
