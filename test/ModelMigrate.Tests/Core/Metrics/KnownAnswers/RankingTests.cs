using System.Text.Json;

namespace ModelMigrate.Tests.Core.Metrics.KnownAnswers;

/// <summary>Rankings, attempts and calls of tools against the numbers of scikit-learn, trec_eval, Chen et al. and ragas.</summary>
public sealed class RankingTests
{
    private static IEnumerable<JsonElement> Of(string kind) => Oracle.Root("stats_ranking.json").GetProperty("cases").EnumerateArray().Where(row => row.GetProperty("kind").GetString() == kind);

    [Fact]
    public void PassAtK_OfTheirCases_IsTheEstimator()
    {
        var rows = Of("pass_at_k").ToList();
        Assert.Equal(3, rows.Count);
        foreach (var row in rows)
        {
            var tries = $$"""{"n":{{row.GetProperty("n").GetInt32()}},"c":{{row.GetProperty("c").GetInt32()}}}""";
            Assert.Equal(row.GetProperty("expected").GetDouble(), Oracle.Metric("pass@k", ("k", row.GetProperty("k").ToString())).Score(tries), 12);
        }
    }

    [Theory]
    [InlineData("[true,false,1,0]", "1", 0.5)]
    [InlineData("[true,true,true,false]", "2", 0.5)]
    [InlineData("""{"n":10,"c":10}""", "10", 1)]
    [InlineData("""{"n":5,"c":1}""", "2", 0)]
    public void PassHatK_OfAttempts_IsThatAllPass(string tries, string k, double expected) => Assert.Equal(expected, Oracle.Metric("pass^k", ("k", k)).Score(tries), 12);

    [Fact]
    public void PassAtK_OfFewerTriesThanK_IsMissing() => Assert.Contains("fewer than k", Oracle.Metric("pass@k", ("k", "5")).Score(Oracle.Sample("[true]")).Missing, StringComparison.Ordinal);

    [Fact]
    public void Ndcg_OfScikitLearnsExample_IsTheirs()
    {
        var row = Assert.Single(Of("ndcg_linear_gain"));
        Assert.Equal(row.GetProperty("expected").GetDouble(), Oracle.Metric("ndcg@k").Score(Ranking([0.1, 0.2, 0.3, 4, 70]), Grades), 12);
        Assert.Equal(0.4937, Oracle.Metric("ndcg@k").Score(Ranking([0.05, 1.1, 1.0, 0.5, 0.0]), Grades), 4);
        Assert.Equal(0.3520, Oracle.Metric("ndcg@k", ("k", "4")).Score(Ranking([0.05, 1.1, 1.0, 0.5, 0.0]), Grades), 4);
    }

    [Fact]
    public void Precision_OfTrecsExample_IsTheirs()
    {
        var row = Assert.Single(Of("precision_at_5"));
        var (run, relevant) = (row.GetProperty("run").GetRawText(), row.GetProperty("qrel").GetRawText());
        Assert.Equal(row.GetProperty("expected").GetDouble(), Oracle.Metric("precision@k", ("k", "5")).Score(run, relevant));
        Assert.Equal(row.GetProperty("reciprocalRank").GetDouble(), Oracle.Metric("mrr").Score(run, relevant));
    }

    [Fact]
    public void Ranking_OfAHandMadeRun_IsByDefinition()
    {
        const string Run = """["a","b","c","d","e"]""";
        Assert.Equal(2 / 3.0, Oracle.Metric("recall@k", ("k", "4")).Score(Run, """["b","d","z"]"""), 12);
        Assert.Equal(((1 / 2.0) + (2 / 4.0)) / 3, Oracle.Metric("map").Score(Run, """["b","d","z"]"""), 12);
        // Several references are what is relevant; a single one that is no JSON is an id.
        Assert.Equal(1, Oracle.Metric("recall@k").Score(Run, "b", "d"));
        Assert.Equal(0.5, Oracle.Metric("mrr").Score(Run, "b"));
        Assert.Equal(0, Oracle.Metric("mrr").Score(Run, "z"));
        // A document that is listed twice is found once.
        Assert.Equal(1, Oracle.Metric("recall@k").Score("""["b","b","b"]""", """["b"]"""));
        Assert.Equal(((Math.Pow(2, 3) - 1) / Math.Log2(3)) / (Math.Pow(2, 3) - 1), Oracle.Metric("ndcg@k", ("gain", "exponential")).Score("""["x","y"]""", """{"y":3}"""), 12);
        Assert.NotNull(Oracle.Metric("mrr").Score(Oracle.Sample("words", "b")).Missing);
        Assert.NotNull(Oracle.Metric("ndcg@k").Score(Oracle.Sample(Run, """{"b":0}""")).Missing);
    }

    [Fact]
    public void ToolCallF1_OfRagasCases_IsTheirs()
    {
        var row = Assert.Single(Of("tool_call_f1"));
        var metric = Oracle.Metric("tool_call_f1");
        Assert.Equal(row.GetProperty("expected").GetDouble(), metric.Score(Calls(row.GetProperty("actualCalls")), Calls(row.GetProperty("expectedCalls"))), 12);
        // The other cases of their test: all, none, one that should not be.
        var both = Calls(row.GetProperty("expectedCalls"));
        Assert.Equal(1, metric.Score(both, both));
        Assert.Equal(0, metric.Score("""[{"name":"AirQuality","arguments":{"location":"Paris"}}]""", Calls(row.GetProperty("actualCalls"))));
        Assert.Equal(2 / 3.0, metric.Score(both, Calls(row.GetProperty("actualCalls"))), 12);
    }

    private const string Grades = """{"0":10,"3":1,"4":5}""";

    private static string Ranking(double[] scores) => JsonSerializer.Serialize(Enumerable.Range(0, scores.Length).OrderByDescending(i => scores[i]).Select(i => $"{i}"));

    private static string Calls(JsonElement calls) => JsonSerializer.Serialize(Oracle.Strings(calls).Select(call => call.Split('(', ')')).Select(parts => new { name = parts[0], arguments = new { location = parts[1] } }));
}
