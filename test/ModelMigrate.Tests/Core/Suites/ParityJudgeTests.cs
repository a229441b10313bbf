using ModelMigrate.Core.Evaluation.Gating;
using ModelMigrate.Core.Metrics;
using ModelMigrate.Core.Suites.Parity;

namespace ModelMigrate.Tests.Core.Suites;

/// <summary>What parity says of pairs that are known.</summary>
public sealed class ParityJudgeTests
{
    private static readonly ParityTerms s_terms = new() { Dataset = "", Similarity = Metric("rougeL"), Accuracy = Metric("exact") };

    /// <summary>A target whose times are those of the source times a factor, on 200 prompts whose times spread from 100 to 299 ms.</summary>
    [Theory]
    [InlineData(1.0, GateVerdict.Pass)]
    [InlineData(1.1, GateVerdict.Pass)]
    [InlineData(1.5, GateVerdict.Fail)]
    [InlineData(3.0, GateVerdict.Fail)]
    public void Judge_TargetSlowerByAFactor_HoldsOrBreaksTheLine(double factor, GateVerdict expected)
    {
        var verdict = ParityJudge.Judge(s_terms, [.. Pairs(200).Select(pair => pair with { Target = pair.Target with { LatencyMs = pair.Source.LatencyMs * factor } })], new GateOptions());

        Assert.True(expected == verdict.Verdict, verdict.Reason);
        Assert.Equal((200, 199.0, 289.0), (verdict.Figures["pairs"], verdict.Figures["latency_p50_source_ms"], verdict.Figures["latency_p95_source_ms"]));
        Assert.Equal(199 * factor, verdict.Figures["latency_p50_target_ms"], 9);
    }

    /// <summary>One answer in five that takes ten times as long leaves the median within its line, and is found at the 95th percentile.</summary>
    [Fact]
    public void Judge_FewVerySlowAnswers_FailAtTheTail()
    {
        var verdict = ParityJudge.Judge(s_terms, [.. Pairs(200).Select(static (pair, i) => pair with { Target = pair.Target with { LatencyMs = pair.Source.LatencyMs * (i % 10 < 2 ? 10 : 1) } })], new GateOptions());

        Assert.Equal(GateVerdict.Fail, verdict.Verdict);
        Assert.Matches(@"latency_p50: 199 -> \S+ ms \(x 1\.\d+\), within x 1\.2: ", verdict.Reason);
        Assert.Matches(@"latency_p95: 289 -> \S+ ms \(x [3-9]\.\d+\), beyond x 1\.2: ", verdict.Reason);
    }

    [Fact]
    public void Judge_AccuracyWorseByMoreThanTheMargin_Fails()
    {
        var verdict = ParityJudge.Judge(s_terms with { LeastSimilarity = 0 }, [.. Pairs(200).Select(static (pair, i) => i % 4 == 0 ? pair with { Target = pair.Target with { Text = "other" } } : pair)], new GateOptions());

        Assert.Equal((GateVerdict.Fail, 1.0, 0.75), (verdict.Verdict, verdict.Figures["exact_source"], verdict.Figures["exact_target"]));
        Assert.Contains("exact: 1 -> 0.75, beyond the margin 0.05.", verdict.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Judge_WithoutReferences_AsksNoAccuracy()
    {
        var verdict = ParityJudge.Judge(s_terms, [.. Pairs(100).Select(static pair => pair with { References = [] })], new GateOptions());

        Assert.Equal(GateVerdict.Pass, verdict.Verdict);
        Assert.DoesNotContain("exact", verdict.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.9, GateVerdict.Pass)]
    [InlineData(0.8, GateVerdict.Inconclusive)]
    [InlineData(0.6, GateVerdict.Fail)]
    public void Judge_ShareOfLikeAnswers_IsHeldAgainstTheLineByItsInterval(double share, GateVerdict expected)
    {
        var verdict = ParityJudge.Judge(
            s_terms with { Accuracy = null }, [.. Pairs(100).Select((pair, i) => i < 100 * share ? pair : pair with { Target = pair.Target with { Text = "nothing of it" } })], new GateOptions());

        Assert.True(expected == verdict.Verdict, verdict.Reason);
        Assert.Equal(share, verdict.Figures["similarity"], 9);
    }

    [Fact]
    public void Judge_TargetThatFailsOften_FailsAndBothThatFailIsNoVerdict()
    {
        var dead = new ParitySide(Text: null, LatencyMs: null);
        var target = ParityJudge.Judge(s_terms, [.. Pairs(100).Select((pair, i) => i % 3 == 0 ? pair with { Target = dead } : pair)], new GateOptions());
        var both = ParityJudge.Judge(s_terms, [.. Pairs(100).Select((pair, i) => i % 3 == 0 ? pair with { Source = dead, Target = dead } : pair)], new GateOptions());

        Assert.Equal((GateVerdict.Fail, false), (target.Verdict, target.IsUnanswered));
        Assert.Equal((GateVerdict.Refused, true), (both.Verdict, both.IsUnanswered));
    }

    private static IEnumerable<ParityPair> Pairs(int count) => Enumerable.Range(0, count).Select(static i => new ParityPair(
        new ParitySide($"word{i} and more", 100 + i), new ParitySide($"word{i} and more", 100 + i), [$"word{i} and more"]));

    private static AnswerMetric Metric(string id) => MetricTable.TryCreate(MetricTable.Find(id)!, new Dictionary<string, string>(StringComparer.Ordinal), out _)!;
}
