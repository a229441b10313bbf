using ModelMigrate.Core.Evaluation.Gating;
using ModelMigrate.Core.Evaluation.Gating.Refusing;
using ModelMigrate.Core.Metrics;
using ModelMigrate.Core.Statistics;

namespace ModelMigrate.Tests.Core.Evaluation;

public sealed class PairedGateTests
{
    private static readonly GateOptions s_options = new() { Rounds = 2000 };

    [Theory]
    // 495 pairs and a fifth that differ are what a margin of 5 points needs when the arms are equal.
    [InlineData(50, 50, 400, GateVerdict.Pass, Recommendation.Recommended)]
    [InlineData(60, 40, 400, GateVerdict.Inconclusive, Recommendation.Caution)]
    [InlineData(95, 5, 400, GateVerdict.Fail, Recommendation.NotRecommended)]
    [InlineData(0, 0, 500, GateVerdict.Pass, Recommendation.Recommended)]
    [InlineData(0, 0, 49, GateVerdict.Inconclusive, Recommendation.Caution)]
    // Shown to be worse, and as surely by less than the margin.
    [InlineData(14, 2, 1484, GateVerdict.Pass, Recommendation.Caution)]
    public void Judge_OfYesAndNo_SaysWhatThePairsShow(int onlySource, int onlyTarget, int alike, GateVerdict verdict, Recommendation recommendation)
    {
        var result = Judge(YesNo("exact", onlySource, onlyTarget, alike), 0.05);
        Assert.Equal((verdict, recommendation), (result.Verdict, result.Recommendation));
        var metric = Assert.Single(result.Metrics);
        Assert.Equal(verdict, metric.Verdict);
        Assert.Equal((onlyTarget - onlySource) / (double)(onlySource + onlyTarget + alike), metric.Difference, 12);
        Assert.True(metric.Low <= metric.Difference && metric.Difference <= metric.High);
        // The bound that is printed and the p that decides are one thing.
        Assert.Equal(metric.PPass <= 0.05, metric.Bound >= -0.05);
    }

    [Theory]
    [InlineData(0.05, 124)]
    [InlineData(0.1, 247)]
    [InlineData(0.2, 495)]
    [InlineData(0.3, 742)]
    public void Judge_RequiredCases_AreTheTablesValues(double differing, double required)
    {
        var each = (int)Math.Round(differing * 500);
        var metric = Judge(YesNo("exact", each, each, 1000 - (2 * each)), 0.05).Metrics[0];
        // Rounded up here, to the nearest in the table (evaluation study, section 3.7).
        Assert.InRange(metric.RequiredCases!.Value, required, required + 1);
    }

    [Fact]
    public void Judge_OfAMetricWhereLessIsBetter_TurnsTheMarginRound()
    {
        var harm = new PairedScores("refusal", "r", "r", MetricDirection.LowerIsBetter);
        Fill(harm, 5, 95, 400);
        var result = Judge(harm, 0.05);
        Assert.Equal(GateVerdict.Fail, result.Verdict);
        Assert.True(result.Metrics[0].Bound > result.Metrics[0].Difference && result.Metrics[0].Difference > 0.05);
        var less = new PairedScores("refusal", "r", "r", MetricDirection.LowerIsBetter);
        Fill(less, 95, 5, 400);
        Assert.Equal(GateVerdict.Pass, Judge(less, 0.05).Verdict);
    }

    [Fact]
    public void Judge_OfARelativeMargin_CountsTheSourceAsUncertain()
    {
        // Latency: 400 ms on the source, 420 on the target, in pairs whose difference varies.
        var latency = new PairedScores("latency", "latency", "latency", MetricDirection.LowerIsBetter);
        var draws = SeededDraws.Of(1, 0, 0);
        for (var i = 0; i < 300; i++)
        {
            var source = 400 + (80 * draws.Normal());
            latency.Add(source, source + 20 + (30 * draws.Normal()));
        }

        var pass = PairedGate.Judge([new() { Metric = "latency", Margin = 0.1, IsRelative = true }], [latency], s_options);
        var fail = PairedGate.Judge([new() { Metric = "latency", Margin = 0.02, IsRelative = true }], [latency], s_options);
        Assert.Equal((GateVerdict.Pass, GateVerdict.Fail), (pass.Verdict, fail.Verdict));
        // Slower for certain, so within the margin only.
        Assert.Equal(Recommendation.Caution, pass.Recommendation);
        var metric = pass.Metrics[0];
        Assert.Equal((0.1, 0.1 * metric.Source), (metric.RelativeMargin, metric.Margin));
        Assert.InRange(metric.Difference, metric.Low, metric.High);
        Assert.InRange(metric.Bound, metric.Difference, metric.Margin);
    }

    [Fact]
    public void Judge_OfYesAndNo_IsTheSameHowTheyAreKept()
    {
        // Clusters of one keep every case; their standard error is the plain one.
        var (counted, kept) = (YesNo("exact", 40, 30, 430), new PairedScores("exact", "exact", "exact", MetricDirection.HigherIsBetter));
        for (var i = 0; i < 500; i++)
        {
            kept.Add(i < 40 || i >= 70 ? 1 : 0, i >= 40 ? 1 : 0, $"c{i}");
        }

        var (one, other) = (Judge(counted, 0.05).Metrics[0], Judge(kept, 0.05).Metrics[0]);
        Assert.Equal(one.Cases, other.Cases);
        Assert.Equal(one.Difference, other.Difference, 12);
        Assert.Equal(one.Bound, other.Bound, 3);
        Assert.Equal(("paired shares, Tango", "paired t by clusters"), (one.Method, other.Method));
    }

    [Fact]
    public void Judge_OfClusters_DoesNotTakeRepeatedTextsForEvidence()
    {
        // Ten texts with fifty questions each: all questions of a text come out alike, so there are ten cases, not five hundred.
        var scores = new PairedScores("exact", "exact", "exact", MetricDirection.HigherIsBetter);
        for (var i = 0; i < 500; i++)
        {
            var text = i % 10;
            scores.Add(text is 1 or 2 ? 0 : 1, text is 3 or 4 ? 0 : 1, $"text {text}");
        }

        Assert.Equal(GateVerdict.Inconclusive, Judge(scores, 0.05).Verdict);
    }

    [Fact]
    public void Judge_OfACorpusMetric_ComparesCorpusValues()
    {
        var bleu = MetricTable.TryCreate(MetricTable.Find("bleu")!, new Dictionary<string, string>(StringComparer.Ordinal), out _)!;
        var scores = new PairedScores(bleu);
        var draws = SeededDraws.Of(7, 0, 0);
        for (var i = 0; i < 120; i++)
        {
            var reference = string.Join(' ', Enumerable.Range(0, 12).Select(_ => $"w{draws.Below(400)}"));
            AddCase(reference, Spoilt(reference, 2), Spoilt(reference, i % 3 == 0 ? 3 : 2));
        }

        var metric = Judge(scores, 0.2).Metrics[0];
        Assert.Equal(GateVerdict.Pass, metric.Verdict);
        Assert.True(metric.Target < metric.Source && metric.Source < 1);
        Assert.StartsWith("paired bootstrap of corpus values", metric.Method, StringComparison.Ordinal);
        Assert.Equal(GateVerdict.Fail, Judge(scores, 0.001).Verdict);

        void AddCase(string reference, string source, string target)
        {
            var (first, second) = (new double[bleu.Corpus!.Width], new double[bleu.Corpus.Width]);
            scores.Add(Score(source, first), Score(target, second), null, first, second);
            double? Score(string text, double[] counts) => bleu.Score(new AnswerSample { Prediction = text, References = [reference] }, counts).Value;
        }

        static string Spoilt(string text, int words) => string.Join(' ', text.Split(' ').Select((word, i) => i >= 12 - words ? "other" : word));
    }

    [Fact]
    public void Judge_OfAMillionWordsOfACorpusMetric_DrawsNeighboursTogether()
    {
        var wer = MetricTable.TryCreate(MetricTable.Find("wer")!, new Dictionary<string, string>(StringComparer.Ordinal), out _)!;
        var (few, many) = (new PairedScores(wer), new PairedScores(wer));
        var draws = SeededDraws.Of(9, 0, 0);
        Fill(few, 5000);
        Fill(many, 20_000);
        var (one, four) = (Judge(few, 0.01).Metrics[0], Judge(many, 0.01).Metrics[0]);
        Assert.Equal(20_000, four.Cases);
        // Four times the rows: half the interval, though as many units are drawn.
        Assert.InRange((four.High - four.Low) / (one.High - one.Low), 0.45, 0.55);
        Assert.InRange(four.RequiredCases!.Value / one.RequiredCases!.Value, 0.9, 1.1);

        void Fill(PairedScores scores, int rows)
        {
            for (var i = 0; i < rows; i++)
            {
                var (source, target) = (new double[wer.Corpus!.Width], new double[wer.Corpus.Width]);
                scores.Add(Score(source), Score(target), null, source, target);
            }
        }

        double? Score(double[] counts) => wer.Score(new AnswerSample { Prediction = draws.Happens(0.2) ? "a b c e" : "a b c d", References = ["a b c d"] }, counts).Value;
    }

    [Fact]
    public void Judge_OfScoresThatHardlyDiffer_CountsWhatWasNotSeen()
    {
        var scores = new PairedScores("f1_squad", "f", "f", MetricDirection.HigherIsBetter) { Range = 1 };
        for (var i = 0; i < 60; i++)
        {
            scores.Add(0.5, 0.5);
        }

        // 60 pairs without a difference leave 4.3 points open, as Tango's bound says of shares: z² / (n + z²).
        var metric = Judge(scores, 0.02).Metrics[0];
        Assert.Equal(GateVerdict.Inconclusive, metric.Verdict);
        Assert.Equal(-2.705543 / (60 + 2.705543), metric.Bound, 5);
        Assert.Equal(GateVerdict.Pass, Judge(scores, 0.05).Verdict);
    }

    [Fact]
    public void Judge_OfSeveralMetrics_AdjustsByHolm()
    {
        // p 0.03 and 0.04 pass alone, together the smaller is held against 0.025.
        var (one, two) = (YesNo("a", 40, 30, 430), YesNo("b", 41, 30, 429));
        double margin = 0.0513;
        var alone = Judge(one, margin);
        var together = PairedGate.Judge([Gate("a", margin), Gate("b", margin)], [one, two], s_options);
        Assert.Equal(GateVerdict.Pass, alone.Verdict);
        Assert.InRange(alone.Metrics[0].PPass, 0.025, 0.05);
        Assert.Equal(GateVerdict.Inconclusive, together.Verdict);
        Assert.Equal(2 * together.Metrics[0].PPass, together.Metrics[0].PPassAdjusted, 12);
        Assert.Equal(["a", "b"], together.Metrics.Select(each => each.Metric));
    }

    [Fact]
    public void Judge_OfDataThatCannotBeJudged_IsNeverGreen()
    {
        var good = YesNo("exact", 0, 0, 500);
        var half = YesNo("half", 0, 0, 500);
        for (var i = 0; i < 30; i++)
        {
            half.Add(1, null);
        }

        var noTarget = new PairedScores("none", "n", "n", MetricDirection.HigherIsBetter);
        noTarget.Add(1, null);
        Refused(GateRefusalReason.NoGates, PairedGate.Judge([], [good], s_options));
        Refused(GateRefusalReason.NoRows, Judge(YesNo("exact", 0, 0, 0), 0.05));
        Refused(GateRefusalReason.MissingArm, Judge(noTarget, 0.05));
        Refused(GateRefusalReason.NoScores, PairedGate.Judge([Gate("f1", 0.05)], [good], s_options));
        Refused(GateRefusalReason.NoScores, PairedGate.Judge([Gate("exact", 0.05)], [good, good], s_options));
        Refused(GateRefusalReason.UnlikeSignatures, Judge(new PairedScores("exact", "exact|version:1", "exact|version:2", MetricDirection.HigherIsBetter), 0.05));
        Refused(GateRefusalReason.TooManyMissing, Judge(half, 0.05));
        Refused(GateRefusalReason.WrongGate, Judge(new PairedScores("word_count", "w", "w", MetricDirection.Neither), 0.05));
        Refused(GateRefusalReason.WrongGate, Judge(good, -0.05));
        Refused(GateRefusalReason.WrongGate, Judge(good, double.NaN));
        Refused(GateRefusalReason.WrongGate, PairedGate.Judge([Gate("exact", 0.05), Gate("exact", 0.02)], [good], s_options));
        Refused(GateRefusalReason.PartialData, PairedGate.Judge([Gate("exact", 0.05)], [good], s_options, DataCompleteness.Partial));
        Refused(GateRefusalReason.LimitedData, PairedGate.Judge([Gate("exact", 0.05)], [good], s_options, DataCompleteness.Limited));

        static void Refused(GateRefusalReason reason, GateResult result)
        {
            Assert.Equal((GateVerdict.Refused, null), (result.Verdict, result.Recommendation));
            Assert.Contains(reason, result.Refusals.Select(each => each.Reason));
            Assert.Empty(result.Metrics);
        }
    }

    [Fact]
    public void Judge_OfAFewMissing_LeavesThemOutAndCountsThem()
    {
        var scores = YesNo("exact", 0, 0, 480);
        for (var i = 0; i < 20; i++)
        {
            scores.Add(i % 2 == 0 ? null : 1, i % 2 == 0 ? 1 : null);
        }

        var metric = Judge(scores, 0.05).Metrics[0];
        Assert.Equal((480, 20, GateVerdict.Pass), (metric.Cases, metric.Missing, metric.Verdict));
    }

    /// <summary>A source at, near and away from the worst score, with a target that answers alike.</summary>
    [Theory]
    [InlineData(MetricDirection.HigherIsBetter, 0, 0.05, false)]
    [InlineData(MetricDirection.HigherIsBetter, 24, 0.05, false)]
    [InlineData(MetricDirection.HigherIsBetter, 25, 0.05, true)]
    [InlineData(MetricDirection.HigherIsBetter, 24, 0.04, true)]
    [InlineData(MetricDirection.LowerIsBetter, 500, 0.05, false)]
    [InlineData(MetricDirection.LowerIsBetter, 476, 0.05, false)]
    [InlineData(MetricDirection.LowerIsBetter, 475, 0.05, true)]
    public void Judge_OfAGateThatNoTargetCouldFail_DecidesNothing(MetricDirection direction, int ones, double margin, bool passes)
    {
        var (scores, unknown) = (new PairedScores("share", "s", "s", direction) { Range = 1 }, new PairedScores("share", "s", "s", direction));
        for (var i = 0; i < 500; i++)
        {
            scores.Add(i < ones ? 1 : 0, i < ones ? 1 : 0);
            unknown.Add(i < ones ? 1 : 0, i < ones ? 1 : 0);
        }

        var result = Judge(scores, margin);
        Assert.Equal(passes ? GateVerdict.Pass : GateVerdict.Inconclusive, result.Verdict);
        Assert.Equal(!passes, result.Metrics[0].Reason.Contains("no target could be worse by the margin", StringComparison.Ordinal));
        Assert.Equal(passes, result.Metrics[0].RequiredCases is not null);
        Assert.Equal(GateVerdict.Pass, Judge(unknown, margin).Verdict);
    }

    private static MetricGate Gate(string metric, double margin) => new() { Metric = metric, Margin = margin };

    private static GateResult Judge(PairedScores scores, double margin) => PairedGate.Judge([Gate(scores.Metric, margin)], [scores], s_options);

    private static PairedScores YesNo(string metric, int onlySource, int onlyTarget, int alike)
    {
        var scores = new PairedScores(metric, metric, metric, MetricDirection.HigherIsBetter) { Range = 1 };
        Fill(scores, onlySource, onlyTarget, alike);
        return scores;
    }

    private static void Fill(PairedScores scores, int onlySource, int onlyTarget, int alike)
    {
        for (var i = 0; i < onlySource + onlyTarget + alike; i++)
        {
            scores.Add(i < onlySource ? 1 : i < onlySource + onlyTarget ? 0 : 1, i < onlySource ? 0 : 1);
        }
    }
}
