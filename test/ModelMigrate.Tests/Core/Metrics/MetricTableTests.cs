using FsCheck;
using FsCheck.Fluent;
using ModelMigrate.Core.Metrics;

namespace ModelMigrate.Tests.Core.Metrics;

public sealed class MetricTableTests
{
    private static readonly string[] s_asked =
    [
        "exact", "exact_trim_ci", "em_squad", "f1_squad", "rouge1", "rouge2", "rougeL", "rougeLsum", "bleu", "chrf", "chrf++", "gleu", "meteor_exact_stem",
        "levenshtein", "wer", "jaccard_words", "cosine_embedding", "length_ratio", "json_valid", "json_extract", "json_schema", "json_equal", "json_field_f1",
        "contains", "regex", "refusal", "tool_call_accuracy", "word_count", "latency", "ttft", "cost", "recall@k", "precision@k", "mrr", "ndcg@k", "pass@k", "pass^k",
    ];

    public static IEnumerable<object[]> TextMetrics => MetricTable.All
        .Where(metric => metric.Need == MetricNeed.PredictionAndReference && !metric.Parameters.Any(parameter => parameter.Default is null))
        .Select(metric => new object[] { metric.Id, metric.Profile });

    [Fact]
    public void All_Ids_AreThoseAskedForAndUnlike()
    {
        Assert.Empty(s_asked.Except(MetricTable.Of(MetricProfile.Standard).Select(metric => metric.Id)));
        Assert.Equal(["exact_match", "f1_score", "semantic_similarity", "rouge_l", "response_length_ratio"], MetricTable.Of(MetricProfile.Documents).Select(metric => metric.Id));
        Assert.Equal(MetricTable.All.Count, MetricTable.All.Select(metric => (metric.Id, metric.Profile)).Distinct().Count());
        Assert.All(MetricTable.All, metric => Assert.True(metric.Low < metric.High && metric.Summary.EndsWith('.')));
    }

    /// <summary>Any two texts: the score is in the range, the same each time, and the best of a text with itself where higher is better.</summary>
    [Theory]
    [MemberData(nameof(TextMetrics))]
    public void Score_OfAnyTexts_IsInItsRange(string id, MetricProfile profile)
    {
        var definition = MetricTable.Find(id, profile)!;
        var metric = MetricTable.TryCreate(definition, new Dictionary<string, string>(), out _)!;
        var text = Gen.OneOf(ArbMap.Default.GeneratorFor<string>(), Gen.Elements("the", "cat", "sat", " ", ".", "İ", "😀", "1,5", "\n", "{\"a\":1}", "[1]").ListOf().Select(words => string.Join(' ', words)))
            .Where(made => made is not null);
        Prop.ForAll(Arb.From(text), Arb.From(text), Arb.From(text), (prediction, first, second) =>
        {
            var score = metric.Score(Oracle.Sample(prediction, first, second));
            Assert.Equal(score, metric.Score(Oracle.Sample(prediction, first, second)));
            if (score.Value is { } value)
            {
                Assert.InRange(value, definition.Low, definition.High);
                // A further reference never makes it worse, except where none is better.
                if (metric.Score(Oracle.Sample(prediction, first)).Value is { } alone && IsBestOf(definition))
                {
                    Assert.True(definition.Direction == MetricDirection.LowerIsBetter ? value <= alone + 1e-9 : value >= alone - 1e-9);
                }
            }
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("exact", 1)]
    [InlineData("f1_squad", 1)]
    [InlineData("rouge1", 1)]
    [InlineData("rougeL", 1)]
    [InlineData("rougeLsum", 1)]
    [InlineData("bleu", 1)]
    [InlineData("chrf", 1)]
    [InlineData("chrf++", 1)]
    [InlineData("gleu", 1)]
    [InlineData("jaccard_words", 1)]
    [InlineData("levenshtein", 0)]
    [InlineData("wer", 0)]
    public void Score_OfATextWithItself_IsTheBest(string id, double best)
    {
        var words = Gen.Elements("cat", "sat", "mat", "on", "green", "7").NonEmptyListOf().Select(made => string.Join(' ', made));
        Prop.ForAll(Arb.From(words), text => Assert.Equal(best, Oracle.Metric(id).Score(text, text), 9)).QuickCheckThrowOnFailure();
    }

    /// <summary>Distances by 64 places at a time against the plain table, longer than a block.</summary>
    [Fact]
    public void EditsAndSubsequences_OfLongTexts_AreThoseOfThePlainTables()
    {
        var letters = Gen.Elements('a', 'b', 'c', 'd').ArrayOf().Select(made => new string(made));
        var longer = Gen.Sized(size => letters.Resize(4 * size));
        Prop.ForAll(Arb.From(longer), Arb.From(longer), (a, b) =>
        {
            Assert.Equal(PlainEdits(a, b), Oracle.Metric("levenshtein").Score(a, b));
            if (a.Length > 0 && b.Length > 0)
            {
                var recall = Oracle.Metric("rougeL", ("part", "recall")).Score(string.Join(' ', a.ToCharArray()), string.Join(' ', b.ToCharArray()));
                Assert.Equal(PlainCommon(a, b), recall * b.Length, 6);
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Score_OfAnError_IsMissingByEveryMetric()
    {
        foreach (var definition in MetricTable.All)
        {
            var given = definition.Parameters.Where(parameter => parameter.Default is null).ToDictionary(parameter => parameter.Name, _ => "{}");
            var metric = MetricTable.TryCreate(definition, given, out var problems);
            Assert.True(metric is not null, string.Join('\n', problems));
            Assert.Null(metric.Score(new AnswerSample { Error = "status 503", Prediction = "x", References = ["x"], LatencyMs = 1, Cost = 1 }).Value);
            Assert.Null(metric.Score(new AnswerSample()).Value);
        }
    }

    [Fact]
    public void Signature_OfEveryParameter_ChangesWithIt()
    {
        foreach (var definition in MetricTable.All)
        {
            var needed = definition.Parameters.Where(parameter => parameter.Default is null).ToDictionary(parameter => parameter.Name, _ => "{}");
            var plain = MetricTable.TryCreate(definition, needed, out _)!.Signature;
            Assert.StartsWith(definition.Id, plain, StringComparison.Ordinal);
            Assert.EndsWith($"|version:{definition.Version}", plain, StringComparison.Ordinal);
            foreach (var parameter in definition.Parameters.Where(parameter => parameter.Choices.Count > 1))
            {
                var other = new Dictionary<string, string>(needed) { [parameter.Name] = parameter.Choices.First(choice => choice != parameter.Default) };
                Assert.NotEqual(plain, MetricTable.TryCreate(definition, other, out _)!.Signature);
            }
        }

        Assert.Equal("bleu|tokenize:13a|lowercase:false|order:4|smooth:exp|effective_order:single|version:1", Oracle.Metric("bleu").Signature);
    }

    [Theory]
    [InlineData("bleu", "oder", "3", "bleu has no parameter oder; it has tokenize, lowercase, order, smooth, smooth_value, effective_order.")]
    [InlineData("bleu", "order", "10", "order=10 is not a whole number from 1 to 9; write for example order=4.")]
    [InlineData("bleu", "smooth", "laplace", "smooth=laplace is none of its values; write smooth=exp or smooth=none or smooth=floor or smooth=add-k or smooth=method4.")]
    [InlineData("bleu", "smooth_value", "1", "smooth_value=1 serves floor and add-k alone, as a number from 0 to 1000; write for example smooth=floor and smooth_value=0.1.")]
    [InlineData("em_squad", "k", "1", "em_squad has no parameter k, nor any other.")]
    [InlineData("regex", "pattern", "(", "pattern=( is no regular expression of ECMA-262:")]
    [InlineData("exact", "ignore_regex", "(", "ignore_regex=( is no regular expression:")]
    public void TryCreate_OfAWrongParameter_SaysWhatToWrite(string id, string name, string value, string message)
    {
        Assert.Null(MetricTable.TryCreate(MetricTable.Find(id)!, new Dictionary<string, string> { [name] = value }, out var problems));
        Assert.StartsWith(message, Assert.Single(problems), StringComparison.Ordinal);
    }

    /// <summary>Scores on many threads at once are those of one thread: what a thread writes on is its own.</summary>
    [Fact]
    public void Score_OnManyThreads_IsThatOfOne()
    {
        var texts = Enumerable.Range(0, 400).Select(i => string.Join(' ', Enumerable.Range(0, i % 37).Select(j => $"w{i * j % 11}"))).ToArray();
        foreach (var id in new[] { "bleu", "chrf++", "rougeL", "rougeLsum", "f1_squad", "levenshtein", "meteor_exact_stem" })
        {
            var metric = Oracle.Metric(id, id.StartsWith("rouge", StringComparison.Ordinal) ? [("stem", "true")] : []);
            var alone = texts.Select((text, i) => metric.Score(Oracle.Sample(text, texts[^(i + 1)]))).ToArray();
            var together = new MetricScore[texts.Length];
            Parallel.For(0, texts.Length, i => together[i] = metric.Score(Oracle.Sample(texts[i], texts[^(i + 1)])));
            Assert.Equal(alone, together);
        }
    }

    private static bool IsBestOf(MetricDefinition definition) =>
        definition.Direction != MetricDirection.Neither && definition.Id is not ("bleu" or "recall@k" or "precision@k" or "mrr" or "map" or "ndcg@k" or "contains_all" or "icontains_all");

    private static int PlainEdits(string a, string b)
    {
        var table = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                table[i, j] = i == 0 || j == 0 ? i + j : Math.Min(Math.Min(table[i - 1, j], table[i, j - 1]) + 1, table[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
            }
        }

        return table[a.Length, b.Length];
    }

    private static int PlainCommon(string a, string b)
    {
        var table = new int[a.Length + 1, b.Length + 1];
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                table[i, j] = a[i - 1] == b[j - 1] ? table[i - 1, j - 1] + 1 : Math.Max(table[i - 1, j], table[i, j - 1]);
            }
        }

        return table[a.Length, b.Length];
    }
}
