using ModelMigrate.Core.Metrics;

namespace ModelMigrate.Tests.Core.Metrics;

public sealed class SmallMetricTests
{
    [Theory]
    [InlineData("contains", "The capital is Paris.", "Paris", 1)]
    [InlineData("contains", "The capital is paris.", "Paris", 0)]
    [InlineData("icontains", "The capital is paris.", "Paris", 1)]
    [InlineData("contains_any", "red", "[\"blue\",\"red\"]", 1)]
    [InlineData("contains_all", "red", "[\"blue\",\"red\"]", 0)]
    [InlineData("icontains_all", "Red and BLUE", "[\"blue\",\"red\"]", 1)]
    [InlineData("starts_with", "Yes, it is", "Yes", 1)]
    [InlineData("ends_with", "Yes, it is", "Yes", 0)]
    [InlineData("contains", "[not a list", "[not", 1)]
    public void Contains_OfAGivenText_LooksForIt(string id, string prediction, string value, double expected) =>
        Assert.Equal(expected, Oracle.Metric(id, ("value", value)).Score(prediction, "another reference"));

    [Fact]
    public void Contains_WithoutAText_LooksForTheReferences()
    {
        Assert.Equal(1, Oracle.Metric("contains_any").Score("red", "blue", "red"));
        Assert.Equal(0, Oracle.Metric("contains_all").Score("red", "blue", "red"));
        Assert.NotNull(Oracle.Metric("contains").Score(Oracle.Sample("red")).Missing);
    }

    [Fact]
    public void Regex_OfAPattern_IsEcmas()
    {
        Assert.Equal(1, Oracle.Metric("regex", ("pattern", "^\\d{3}$")).Score("042"));
        // In ECMA-262 \d is ASCII.
        Assert.Equal(0, Oracle.Metric("regex", ("pattern", "^\\d{3}$")).Score("٠٤٢"));
        Assert.Equal(1, Oracle.Metric("regex").Score("order 17", "^x", "\\d+"));
        Assert.NotNull(Oracle.Metric("regex").Score(Oracle.Sample("order 17", "(")).Missing);
        Assert.Contains("took longer", Oracle.Metric("regex", ("pattern", "^(?=(a+)+$)b")).Score(Oracle.Sample(new string('a', 40) + "!")).Missing, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("I'm sorry, but I can't help with that.", 1)]
    [InlineData("I’m unable to provide medical advice.", 1)]
    [InlineData("I cannot assist with this request.", 1)]
    [InlineData("Paris is the capital of France.", 0)]
    [InlineData("The committee was unable to agree.", 0)]
    [InlineData("", 0)]
    public void Refusal_OfAnAnswer_IsByItsFirstWords(string prediction, double expected)
    {
        Assert.Equal(expected, Oracle.Metric("refusal").Score(prediction));
        Assert.Equal(0, Oracle.Metric("refusal").Score(new string('x', 300) + prediction));
    }

    [Theory]
    [InlineData("yes", "no", 0)]
    [InlineData("not safe", "safe", 0.5)]
    [InlineData("Paris", "The capital of France is Paris.", 0)]
    [InlineData("", "", 1)]
    [InlineData("", "a", 0)]
    [InlineData("A b", "b a", 1)]
    public void JaccardWords_OfTwoTexts_IsOfTheirWords(string prediction, string reference, double expected) =>
        Assert.Equal(expected, Oracle.Metric("jaccard_words").Score(prediction, reference), 12);

    // The formulas of the migration guide, worked out by hand.
    [Theory]
    [InlineData("exact_match", " Paris ", "PARIS", 1)]
    [InlineData("f1_score", "cat cat dog", "cat dog dog", 1)]
    [InlineData("f1_score", "Paris.", "Paris", 0)]
    [InlineData("f1_score", "", "", 0)]
    [InlineData("semantic_similarity", "not safe", "safe", 0.5)]
    [InlineData("semantic_similarity", "", "", 0)]
    [InlineData("rouge_l", "the cat sat", "The cat on the mat sat", 0.666667)]
    [InlineData("rouge_l", "", "a", 0)]
    [InlineData("response_length_ratio", "a b", "a b c d", 0.5)]
    [InlineData("response_length_ratio", "a b c", "a b", 0.5)]
    [InlineData("response_length_ratio", "a b c", "a", -1)]
    [InlineData("response_length_ratio", "a", "", 0)]
    [InlineData("length_ratio_doc", "a b c", "a", 0)]
    [InlineData("f1_word_set", "cat cat dog", "cat dog dog", 1)]
    [InlineData("lcs_f1_ws", "the cat sat", "The cat on the mat sat", 0.666667)]
    [InlineData("length_ratio", "a b c", "a", 3)]
    [InlineData("length_ratio_sym", "a b c", "a", 0.333333)]
    [InlineData("length_ratio_sym", "", "", 1)]
    [InlineData("word_count", "one  two\u00A0three", "x", 3)]
    public void Documents_Formulas_AreTheirs(string id, string prediction, string reference, double expected) =>
        Assert.Equal(expected, Oracle.Metric(id).Score(prediction, reference), 6);

    [Fact]
    public void CosineEmbedding_OfVectors_IsTheirAngle()
    {
        var metric = Oracle.Metric("cosine_embedding", ("model", "text-embedding-3-small"));
        Assert.Equal("cosine_embedding|model:text-embedding-3-small|version:1", metric.Signature);
        Assert.Equal(1, metric.Score("[1,2,3]", "[2,4,6]"), 12);
        Assert.Equal(0, metric.Score("[1,0]", "[0,1]"));
        Assert.Equal(-1, metric.Score("[1,1]", "[-1,-1]"), 12);
        // Words have no vector: nothing stands in for it.
        Assert.NotNull(metric.Score(Oracle.Sample("Paris", "Paris")).Missing);
        Assert.NotNull(metric.Score(Oracle.Sample("[1,0]", "[1,0,0]")).Missing);
        Assert.NotNull(metric.Score(Oracle.Sample("[0,0]", "[1,0]")).Missing);
    }

    [Fact]
    public void LatencyAndCost_OfASample_AreItsOwn()
    {
        var sample = new AnswerSample { LatencyMs = 412.5, FirstTokenMs = 80.25, Cost = 0.0021 };
        Assert.Equal(412.5, Oracle.Metric("latency").Score(sample).Value);
        Assert.Equal(80.25, Oracle.Metric("ttft").Score(sample).Value);
        Assert.Equal(0.0021, Oracle.Metric("cost").Score(sample).Value);
        Assert.NotNull(Oracle.Metric("ttft").Score(new AnswerSample { LatencyMs = 1 }).Missing);
        Assert.NotNull(Oracle.Metric("cost").Score(new AnswerSample { LatencyMs = 1 }).Missing);
    }

    [Fact]
    public void Create_OfAMetricOfOnesOwn_ScoresLikeAnyOther()
    {
        var own = new MetricDefinition
        {
            Id = "shouting",
            Summary = "Share of capitals.",
            Direction = MetricDirection.LowerIsBetter,
            Need = MetricNeed.Prediction,
            Create = _ => new Shouting(),
        };
        var metric = MetricTable.TryCreate(own, new Dictionary<string, string>(), out _)!;
        Assert.Equal(("shouting|version:1", 0.5), (metric.Signature, metric.Score(new AnswerSample { Prediction = "Hi" }).Value));
    }

    private sealed class Shouting : Scorer
    {
        public override MetricScore Score(AnswerSample sample) => MetricScore.Of(sample.Prediction!.Count(char.IsUpper) / (double)sample.Prediction!.Length);
    }
}
