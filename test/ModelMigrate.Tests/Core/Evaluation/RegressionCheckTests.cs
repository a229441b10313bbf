using ModelMigrate.Core.Evaluation.Checking;
using ModelMigrate.Core.Evaluation.Gating;
using ModelMigrate.Core.Evaluation.Gating.Refusing;
using ModelMigrate.Core.Evaluation.Results;
using ModelMigrate.Core.Metrics;
using ModelMigrate.Tests.Core.Metrics;

namespace ModelMigrate.Tests.Core.Evaluation;

public sealed class RegressionCheckTests
{
    private static readonly RegressionOptions s_options = new() { Gate = new GateOptions { Rounds = 2000 } };

    [Fact]
    public void Of_TheSameResult_Passes() => Assert.Equal(GateVerdict.Pass, RegressionCheck.Of(SampleResults.Comparison(), SampleResults.Comparison(), s_options).Verdict);

    [Theory]
    [InlineData(5, GateVerdict.Pass)]
    [InlineData(25, GateVerdict.Inconclusive)]
    [InlineData(120, GateVerdict.Fail)]
    public void Of_ARunThatLostRows_SaysHowSurely(int lost, GateVerdict verdict)
    {
        // Of the baseline's 400 right rows some are wrong now, and a few others right.
        var before = SampleResults.Comparison(onlySource: 0, onlyTarget: 0);
        var gate = RegressionCheck.Of(SampleResults.Comparison(onlySource: lost, onlyTarget: 10), before, s_options);
        Assert.Equal(verdict, gate.Verdict);
        Assert.StartsWith("paired", gate.Metrics[0].Method, StringComparison.Ordinal);
        Assert.Equal(0.05, gate.Metrics[0].RelativeMargin);
    }

    [Fact]
    public void Of_ResultsWithoutScores_NeedsMoreCases()
    {
        var (before, after) = (SampleResults.Comparison(onlySource: 0, onlyTarget: 0), SampleResults.Comparison(onlySource: 12, onlyTarget: 10));
        var paired = RegressionCheck.Of(after, before, s_options);
        var apart = RegressionCheck.Of(after with { Samples = null }, before, s_options);
        Assert.Equal((GateVerdict.Pass, GateVerdict.Inconclusive), (paired.Verdict, apart.Verdict));
        Assert.Equal("not paired, t", apart.Metrics[0].Method);
        Assert.True(apart.Metrics[0].RequiredCases > 2 * paired.Metrics[0].RequiredCases);
        // Far enough apart it decides all the same.
        Assert.Equal(GateVerdict.Fail, RegressionCheck.Of(SampleResults.Comparison(onlySource: 150, onlyTarget: 0) with { Samples = null }, before, s_options).Verdict);
    }

    /// <summary>BLEU of 60 sentences, of which the run has lost words in some: by the counts of each sentence, the same as the gate of a comparison says.</summary>
    [Theory]
    [InlineData(0, GateVerdict.Pass)]
    [InlineData(40, GateVerdict.Fail)]
    public void Of_ACorpusValue_IsPairedByEachCasesCounts(int worse, GateVerdict verdict)
    {
        var metric = Oracle.Metric("bleu");
        var (before, after) = (Bleu(metric, worse: 0), Bleu(metric, worse));
        var gate = RegressionCheck.Of(after, before, s_options);
        Assert.Equal(verdict, gate.Verdict);
        Assert.Equal("paired bootstrap of corpus values, BCa", gate.Metrics[0].Method);
        Assert.Equal((before.Metrics[0].Target.Corpus!.Value, after.Metrics[0].Target.Corpus!.Value), (gate.Metrics[0].Source, gate.Metrics[0].Target));

        // As they are read from a file, and in any order.
        var read = EvaluationResult.TryRead(System.Text.Encoding.UTF8.GetBytes(before.ToJson()), out _)!;
        Assert.Equal(gate.Metrics[0].Bound, RegressionCheck.Of(after, read, s_options).Metrics[0].Bound);

        // Without the counts, or by another program's BLEU, nothing is said.
        Refused(GateRefusalReason.NoScores, after with { Samples = null }, before);
        Refused(GateRefusalReason.NoScores, after, before with { Samples = before.Samples! with { TargetCounts = null } });
        Refused(GateRefusalReason.UnlikeSignatures, With(after, each => each with { Signature = "bleu|other" }), before);
        Refused(GateRefusalReason.NoScores, With(after, each => each with { Signature = "bleu|other" }), With(before, each => each with { Signature = "bleu|other" }));
    }

    [Fact]
    public void Of_Tolerances_AreEachMetricsOwn()
    {
        var (before, after) = (SampleResults.Comparison(onlySource: 0, onlyTarget: 0), SampleResults.Comparison(onlySource: 50, onlyTarget: 10));
        var own = s_options with { Tolerances = new Dictionary<string, double>(StringComparer.Ordinal) { ["exact"] = 0.15 } };
        Assert.Equal(GateVerdict.Pass, RegressionCheck.Of(after, before, own).Verdict);
        Assert.Equal(0.15 * 0.8, RegressionCheck.Of(after, before, own).Metrics[0].Margin, 10);
        Assert.Equal(0.15, RegressionCheck.Of(after, before, own with { IsAbsolute = true }).Metrics[0].Margin, 10);
    }

    [Fact]
    public void Of_WhatCannotBeCompared_IsRefused()
    {
        var good = SampleResults.Comparison();
        Refused(GateRefusalReason.UnlikeData, good with { Dataset = good.Dataset with { Hash = "sha256:2e" } }, good);
        Refused(GateRefusalReason.PartialData, SampleResults.Comparison(completeness: DataCompleteness.Partial), good);
        Refused(GateRefusalReason.LimitedData, good, SampleResults.Comparison(completeness: DataCompleteness.Limited));
        Refused(GateRefusalReason.NoScores, good with { Metrics = [] }, good);
        Refused(GateRefusalReason.NoGates, good, good with { Metrics = [] });
        Refused(GateRefusalReason.UnlikeSignatures, With(good, metric => metric with { Signature = "exact|version:2" }), good);
        Refused(GateRefusalReason.UnlikeSignatures, With(good, metric => metric with { Signature = "exact|version:2" }) with { Samples = null }, good);
        Refused(GateRefusalReason.TooManyMissing, With(good, metric => metric with { Target = metric.Target with { Cases = 400, Missing = 100 } }) with { Samples = null }, good);
        Refused(GateRefusalReason.NoScores, With(good, metric => metric with { Target = new ArmFigures { Cases = 500, Missing = 0, Mean = 1 } }) with { Samples = null }, good);
        // Half of the baseline's cases are gone.
        var ids = good.Samples!.Ids.Select((id, i) => i < 250 ? id : $"new{i}").ToList();
        Refused(GateRefusalReason.TooManyMissing, good with { Samples = good.Samples with { Ids = ids } }, good);
        Refused(GateRefusalReason.NoScores, good, good, s_options with { Tolerances = new Dictionary<string, double>(StringComparer.Ordinal) { ["bleu"] = 0.1 } });
    }

    [Fact]
    public void Of_ABaselineWhereLessIsBetter_TurnsRound()
    {
        var before = With(SampleResults.Comparison(onlySource: 0, onlyTarget: 0), metric => metric with { Direction = MetricDirection.LowerIsBetter });
        var more = RegressionCheck.Of(SampleResults.Comparison(onlySource: 0, onlyTarget: 0), before, s_options);
        Assert.Equal(GateVerdict.Pass, more.Verdict);
        Assert.Equal(GateVerdict.Pass, RegressionCheck.Of(SampleResults.Comparison(onlySource: 150, onlyTarget: 0), before, s_options).Verdict);
        Assert.Equal(GateVerdict.Pass, RegressionCheck.Of(SampleResults.Comparison(onlySource: 150, onlyTarget: 0) with { Samples = null }, before, s_options).Verdict);
    }

    /// <summary>Baselines at, near and away from the worst score, held against themselves, row by row and without the rows.</summary>
    [Theory]
    [InlineData(MetricDirection.HigherIsBetter, 24, 0.05, true, false)]
    [InlineData(MetricDirection.HigherIsBetter, 25, 0.05, true, true)]
    [InlineData(MetricDirection.HigherIsBetter, 24, 0.05, false, true)]
    [InlineData(MetricDirection.LowerIsBetter, 476, 0.05, true, false)]
    [InlineData(MetricDirection.LowerIsBetter, 475, 0.05, true, true)]
    [InlineData(MetricDirection.LowerIsBetter, 477, 0.05, false, false)]
    [InlineData(MetricDirection.LowerIsBetter, 476, 0.05, false, true)]
    public void Of_ABaselineThatCannotBeLostByTheTolerance_DecidesNothing(MetricDirection direction, int ones, double tolerance, bool isAbsolute, bool canBeLost)
    {
        var options = s_options with { Tolerance = tolerance, IsAbsolute = isAbsolute };
        var result = With(SampleResults.Alike(ones), metric => metric with { Direction = direction });
        foreach (var after in new[] { result, result with { Samples = null } })
        {
            var gate = RegressionCheck.Of(after, result, options);
            Assert.Equal(after.Samples is null, gate.Metrics[0].Method == "not paired, t");
            Assert.Equal(!canBeLost, gate.Metrics[0].Reason.Contains("no target could be worse by the margin", StringComparison.Ordinal));
            // A share of a small value is a margin that so few rows do not settle; it can be lost all the same.
            Assert.Equal(!canBeLost || gate.Metrics[0].Margin < 0.01 ? GateVerdict.Inconclusive : GateVerdict.Pass, gate.Verdict);
        }

        // Of another scale the figures say where it ends; without that nothing is known.
        var (scaled, unknown) = (With(result, metric => metric with { Range = 4, Worst = metric.Worst }), With(result, static metric => metric with { Range = null }));
        Assert.Equal(!canBeLost, RegressionCheck.Of(Read(scaled), Read(scaled), options).Metrics[0].Reason.Contains("no target could be worse", StringComparison.Ordinal));
        Assert.DoesNotContain("no target could", RegressionCheck.Of(unknown with { Samples = null }, unknown, options).Metrics[0].Reason, StringComparison.Ordinal);
    }

    private static EvaluationResult Read(EvaluationResult result) => EvaluationResult.TryRead(System.Text.Encoding.UTF8.GetBytes(result.ToJson()), out _)!;

    private static EvaluationResult With(EvaluationResult result, Func<MetricFigures, MetricFigures> change) => result with { Metrics = [.. result.Metrics.Select(change)] };

    private static void Refused(GateRefusalReason reason, EvaluationResult result, EvaluationResult baseline, RegressionOptions? options = null)
    {
        var gate = RegressionCheck.Of(result, baseline, options ?? s_options);
        Assert.Equal(GateVerdict.Refused, gate.Verdict);
        Assert.Contains(reason, gate.Refusals.Select(each => each.Reason));
    }

    private static EvaluationResult Bleu(AnswerMetric metric, int worse)
    {
        const int Rows = 60;
        var corpus = metric.Corpus!;
        var (sums, texts, scores) = (new double[corpus.Width], new List<string?>(), new List<double?>());
        for (var i = 0; i < Rows; i++)
        {
            var words = $"the {i} quick brown foxes jump over {i + 1} lazy dogs of number {i + 2}";
            var counts = new double[corpus.Width];
            scores.Add(metric.Score(Oracle.Sample(i < worse ? words.Replace("jump over", "sit on", StringComparison.Ordinal) : words, words), counts).Value);
            texts.Add(SampleScores.Text(counts));
            for (var k = 0; k < counts.Length; k++)
            {
                sums[k] += counts[k];
            }
        }

        var good = SampleResults.Comparison(rows: Rows, onlySource: 0, onlyTarget: 0);
        return good with
        {
            Metrics = [new MetricFigures { Metric = "bleu", Signature = metric.Signature, Direction = MetricDirection.HigherIsBetter, Range = 1, Target = new ArmFigures { Cases = Rows, Missing = 0, Mean = scores.Average(), Corpus = corpus.Corpus(sums) } }],
            Samples = new SampleScores
            {
                Ids = good.Samples!.Ids,
                Target = new SortedDictionary<string, IReadOnlyList<double?>>(StringComparer.Ordinal) { ["bleu"] = scores },
                TargetCounts = new SortedDictionary<string, IReadOnlyList<string?>>(StringComparer.Ordinal) { ["bleu"] = texts },
            },
        };
    }
}
