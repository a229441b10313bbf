using ModelMigrate.Core.Metrics.Tokenizing;

namespace ModelMigrate.Core.Metrics.Overlap;

/// <summary>Metrics that count what answer and reference share.</summary>
internal static class OverlapMetrics
{
    private static readonly MetricParameter s_part = MetricParameter.Word("part", "which of the three is the score", "f", "precision", "recall");

    private static readonly MetricParameter[] s_rouge =
    [
        MetricParameter.Flag("stem", otherwise: false, "Porter's stemmer on tokens of more than three letters"),
        s_part,
        MetricParameter.Word("tokenize", "a-z and 0-9 only, as rouge_score; or every letter of Unicode", "ascii", "unicode"),
    ];

    public static IEnumerable<MetricDefinition> Rows { get; } =
    [
        new()
        {
            Id = "f1_squad",
            Summary = "Token F1 of SQuAD's script: words in normal form as a multiset.",
            Parameters = [MetricParameter.Word("empty", "what two empty texts score: 1 as in SQuAD 2.0, or 0 as in 1.1", "1", "0"), s_part],
            Create = a =>
            {
                var (tokens, empty, part) = (new SquadTokenizer(), a.Number("empty"), a.Text("part"));
                return ReferenceScorer.Of((prediction, reference) => Overlap(Ngrams.Of(tokens, prediction, reference), empty).Part(part));
            },
        },
        new()
        {
            Id = "f1_tokens",
            Summary = "Token F1 over a named tokenizer, marks and articles kept: words as a multiset.",
            Parameters = [TokenizerParameter.Tokenize, TokenizerParameter.Lowercase(otherwise: true), s_part],
            Create = a =>
            {
                var (tokens, lowercase, part) = (TokenizerParameter.Of(a), a.Flag("lowercase"), a.Text("part"));
                return ReferenceScorer.Of((prediction, reference) => Overlap(Ngrams.Of(tokens, prediction, reference, lowercase), empty: 1).Part(part));
            },
        },
        Rouge("rouge1", "ROUGE-1: shared words, clipped.", tokens => (prediction, reference) => Rouge(tokens, prediction, reference, n: 1)),
        Rouge("rouge2", "ROUGE-2: shared pairs of words, clipped.", tokens => (prediction, reference) => Rouge(tokens, prediction, reference, n: 2)),
        Rouge("rougeL", "ROUGE-L: longest common subsequence of words.", tokens => (prediction, reference) => RougeL(tokens, prediction, reference)),
        Rouge("rougeLsum", "ROUGE-Lsum: ROUGE-L line by line, the union of the matches.", tokens => (prediction, reference) => RougeSummary.Of(tokens, prediction, reference)),
        new()
        {
            Id = "bleu",
            Summary = "BLEU as sacrebleu has it, 0 to 1; a corpus's is of its summed counts.",
            IsPercent = true,
            Parameters =
            [
                TokenizerParameter.Tokenize, TokenizerParameter.Lowercase(otherwise: false), MetricParameter.Whole("order", 4, 1, 9, "longest n-gram"),
                MetricParameter.Word("smooth", "what n-grams without a match count", "exp", "none", "floor", "add-k", "method4"),
                MetricParameter.Text("smooth_value", "", "for floor (0.1 when not given) and add-k (1)"),
                MetricParameter.Word("effective_order", "only the lengths that the answer has: for single answers, never or always", "single", "false", "true"),
            ],
            Create = Bleu,
        },
        new()
        {
            Id = "gleu",
            Summary = "GLEU (Google's BLEU for sentences): n-grams of all lengths, the smaller of precision and recall.",
            Parameters =
            [
                TokenizerParameter.Tokenize, TokenizerParameter.Lowercase(otherwise: false),
                MetricParameter.Whole("least", 1, 1, 9, "shortest n-gram"), MetricParameter.Whole("order", 4, 1, 9, "longest n-gram"),
            ],
            Create = a =>
            {
                if (a.Whole("least") > a.Whole("order"))
                {
                    a.Problems.Add("least is above order; write for example least=1 and order=4.");
                }

                return new GleuScorer(TokenizerParameter.Of(a), a.Flag("lowercase"), a.Whole("least"), a.Whole("order"));
            },
        },
        Chrf("chrf", "chrF2 as sacrebleu has it, 0 to 1: n-grams of characters.", words: 0),
        Chrf("chrf++", "chrF++ as sacrebleu has it, 0 to 1: n-grams of characters and of words.", words: 2),
        new()
        {
            Id = "meteor_exact_stem",
            Summary = "METEOR with the stages exact and Porter stem; no synonyms.",
            Note = "syn:no",
            Parameters =
            [
                TokenizerParameter.Tokenize, TokenizerParameter.Lowercase(otherwise: true),
                MetricParameter.Number("alpha", 0.9, 0, 1, "weight of recall"), MetricParameter.Number("beta", 3, 0, 10, "exponent of the share of chunks"),
                MetricParameter.Number("gamma", 0.5, 0, 1, "the most that order takes away"),
            ],
            Create = a => ReferenceScorer.Of(
                new MeteorScorer(TokenizerParameter.Of(a), a.Flag("lowercase"), a.Number("alpha"), a.Number("beta"), a.Number("gamma")).Of),
        },
        new()
        {
            Id = "jaccard_words",
            Summary = "Shared words over all words, lower case, as sets. No measure of meaning.",
            Create = _ => ReferenceScorer.Of((prediction, reference) => WordSets.Of(prediction, reference) is var sets && sets.All == 0 ? 1 : sets.Shared / (double)sets.All),
        },
        new()
        {
            Id = "f1_word_set",
            Summary = "F1 of lower-cased words as sets: a word said twice counts once, marks stick to words.",
            Create = _ => ReferenceScorer.Of((prediction, reference) => WordSets.Of(prediction, reference).F),
        },
        new()
        {
            Id = "lcs_f1_ws",
            Summary = "F1 of the longest common subsequence of lower-cased words; marks stick to words.",
            Create = _ => ReferenceScorer.Of(static (prediction, reference) => RougeL(new WordTokenizer(), prediction, reference, lowercase: true).F),
        },
    ];

    /// <summary>The longest common subsequence over both lengths.</summary>
    public static Shares RougeL(Tokenizer tokens, string prediction, string reference, bool lowercase = false)
    {
        var grams = Ngrams.Of(tokens, prediction, reference, lowercase);
        return Shares.Of(CommonSequence.Length(grams.Text(1), grams.Text(0), grams.Tokens), grams.Count(0), grams.Count(1));
    }

    private static Shares Rouge(Tokenizer tokens, string prediction, string reference, int n)
    {
        var grams = Ngrams.Of(tokens, prediction, reference);
        for (var i = 1; i < n; i++)
        {
            grams.Grow();
        }

        return Overlap(grams, empty: 0);
    }

    private static Shares Overlap(Ngrams grams, double empty) =>
        grams.Count(0) + grams.Count(1) == 0 ? new Shares(empty, empty) : Shares.Of(grams.Shared(1), grams.Count(0), grams.Count(1));

    private static MetricDefinition Rouge(string id, string summary, Func<Tokenizer, Func<string, string, Shares>> of) => new()
    {
        Id = id,
        Summary = summary,
        Parameters = s_rouge,
        Create = a =>
        {
            var (score, part) = (of(new RougeTokenizer(a.Flag("stem"), a.Text("tokenize") == "unicode")), a.Text("part"));
            return BestF(score, part);
        },
    };

    /// <summary>Of several references that with the best F counts, whichever part is asked for.</summary>
    private static AnswerScorer BestF(Func<string, string, Shares> score, string part) => new(sample =>
    {
        var best = score(sample.Prediction!, sample.References[0]);
        for (var i = 1; i < sample.References.Count; i++)
        {
            var other = score(sample.Prediction!, sample.References[i]);
            best = other.F > best.F ? other : best;
        }

        return MetricScore.Of(best.Part(part));
    });

    private static BleuScorer Bleu(MetricArguments a)
    {
        var smoothing = a.Text("smooth") switch
        {
            "none" => BleuSmoothing.None,
            "floor" => BleuSmoothing.Floor,
            "add-k" => BleuSmoothing.AddK,
            "method4" => BleuSmoothing.Method4,
            _ => BleuSmoothing.Exponential,
        };
        var value = smoothing == BleuSmoothing.AddK ? 1 : 0.1;
        var given = a.Text("smooth_value");
        if (given.Length > 0 && (smoothing is not (BleuSmoothing.Floor or BleuSmoothing.AddK)
            || !double.TryParse(given, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out value) || value is not (>= 0 and <= 1000)))
        {
            a.Problems.Add($"smooth_value={given} serves floor and add-k alone, as a number from 0 to 1000; write for example smooth=floor and smooth_value=0.1.");
        }

        var effective = a.Text("effective_order");
        return new BleuScorer(TokenizerParameter.Of(a), a.Flag("lowercase"), a.Whole("order"), smoothing, value, effective == "single" ? null : effective == "true");
    }

    private static MetricDefinition Chrf(string id, string summary, int words) => new()
    {
        Id = id,
        Summary = summary,
        IsPercent = true,
        Parameters =
        [
            MetricParameter.Whole("char_order", 6, 1, 9, "longest n-gram of characters"), MetricParameter.Whole("word_order", words, 0, 9, "longest n-gram of words"),
            MetricParameter.Number("beta", 2, 0.1, 10, "how much more recall weighs than precision"), TokenizerParameter.Lowercase(otherwise: false),
            MetricParameter.Flag("whitespace", otherwise: false, "whether white space counts as a character"),
            MetricParameter.Flag("eps", otherwise: false, "the mean of each length's F, as NLTK and Moses"),
        ],
        Create = a => new ChrfScorer(a.Whole("char_order"), a.Whole("word_order"), a.Number("beta"), a.Flag("lowercase"), a.Flag("whitespace"), a.Flag("eps")),
    };
}
