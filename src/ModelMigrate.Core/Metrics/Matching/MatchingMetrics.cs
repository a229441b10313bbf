using ModelMigrate.Core.Metrics.Tokenizing;

namespace ModelMigrate.Core.Metrics.Matching;

/// <summary>Metrics that are 1 or 0: equal, contained, refused.</summary>
internal static class MatchingMetrics
{
    public static IEnumerable<MetricDefinition> Rows { get; } =
    [
        new()
        {
            Id = "exact",
            Summary = "Equal, character by character.",
            Parameters =
            [
                MetricParameter.Text("ignore_regex", "", "what is removed first, one pattern a line"), MetricParameter.Flag("ignore_case", otherwise: false, "then case"),
                MetricParameter.Flag("ignore_punctuation", otherwise: false, "then the marks of ASCII"), MetricParameter.Flag("ignore_numbers", otherwise: false, "then 0 to 9"),
            ],
            Create = a => new ReferenceScorer(new ExactMatch(a).Of),
        },
        new()
        {
            Id = "exact_trim_ci",
            Summary = "Equal but for case and white space at the ends.",
            Create = _ => ReferenceScorer.Of(static (prediction, reference) => Trimmed(prediction, reference)),
        },
        new()
        {
            Id = "em_squad",
            Summary = "Equal in SQuAD's normal form: no case, ASCII marks, articles or extra white space.",
            Create = _ => ReferenceScorer.Of(static (prediction, reference) => SquadTokenizer.Normal(prediction).ToString().AsSpan().SequenceEqual(SquadTokenizer.Normal(reference)) ? 1 : 0),
        },
        Contains("contains", "Contains the text; of several, one of them.", StringComparison.Ordinal, all: false),
        Contains("icontains", "Contains the text, whatever its case; of several, one of them.", StringComparison.OrdinalIgnoreCase, all: false),
        Contains("contains_any", "Contains one of the texts.", StringComparison.Ordinal, all: false),
        Contains("contains_all", "Contains every one of the texts.", StringComparison.Ordinal, all: true),
        Contains("icontains_any", "Contains one of the texts, whatever its case.", StringComparison.OrdinalIgnoreCase, all: false),
        Contains("icontains_all", "Contains every one of the texts, whatever its case.", StringComparison.OrdinalIgnoreCase, all: true),
        Match("starts_with", "Begins with the text.", static (answer, text) => answer.StartsWith(text, StringComparison.Ordinal), all: false),
        Match("ends_with", "Ends with the text.", static (answer, text) => answer.EndsWith(text, StringComparison.Ordinal), all: false),
        new()
        {
            Id = "regex",
            Summary = "A regular expression (ECMA-262) occurs in it.",
            Need = MetricNeed.Prediction,
            Parameters = [MetricParameter.Text("pattern", "", "the pattern; without it the references are")],
            Create = PatternMatch.Create,
        },
        new()
        {
            Id = "refusal",
            Summary = "Refuses, as far as its first 300 characters tell by the words that models refuse with in English.",
            Need = MetricNeed.Prediction,
            Direction = MetricDirection.LowerIsBetter,
            Create = _ => new AnswerScorer(static sample => MetricScore.Of(RefusalWords.Are(sample.Prediction!) ? 1 : 0)),
        },
    ];

    /// <summary>As Python's <c>a.strip().lower() == b.strip().lower()</c>.</summary>
    public static double Trimmed(string prediction, string reference) => string.Equals(
        PythonText.Lower(PythonText.Strip(prediction).ToString()), PythonText.Lower(PythonText.Strip(reference).ToString()), StringComparison.Ordinal) ? 1 : 0;

    private static MetricDefinition Contains(string id, string summary, StringComparison how, bool all) =>
        Match(id, summary, (answer, text) => answer.Contains(text, how), all);

    private static MetricDefinition Match(string id, string summary, Func<string, string, bool> occurs, bool all) => new()
    {
        Id = id,
        Summary = summary,
        Need = MetricNeed.Prediction,
        Parameters = [MetricParameter.Text("value", "", "one text, or a JSON array of texts; without it the references are")],
        Create = a => new TextMatch(a.Text("value"), occurs, all),
    };
}
