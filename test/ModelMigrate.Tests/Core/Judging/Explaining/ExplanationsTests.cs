using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Judging.Explaining;
using ModelMigrate.Core.Judging.Processes;

namespace ModelMigrate.Tests.Core.Judging.Explaining;

public sealed class ExplanationsTests
{
    private const double LnTwenty = 2.995732273553991;

    [Theory]
    [InlineData(0.05, 2)]
    [InlineData(0.05, 3)]
    [InlineData(0.5, 3)]
    [InlineData(0.25, 10)]
    public void HarmEvents_NoEvidenceYet_AgreesWithPlanning(double share, double ratio) =>
        Assert.Equal(Planning.HarmEvents(0.05, share, ratio), Math.Ceiling(Outlook.HarmEvents(Outlook.Missing(0, LnTwenty), share, ratio, 1)));

    [Fact]
    public void PromotionPairs_NoEvidenceYet_AgreesWithPlanning() =>
        Assert.Equal(Planning.PromotionPairs(0.05, 0.005, 0.01), Outlook.PromotionPairs(Outlook.Missing(0, LnTwenty), 0.005, 0.01), 20.0);

    [Fact]
    public void Missing_EvidenceGrows_FallsToZero()
    {
        var last = double.PositiveInfinity;
        for (var reached = -1.0; reached < LnTwenty; reached += 0.1)
        {
            var missing = Outlook.Missing(reached, LnTwenty);
            Assert.InRange(missing, 0, last);
            last = missing;
        }

        Assert.Equal(0, Outlook.Missing(LnTwenty, LnTwenty));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(10)]
    public void HarmEvents_TrueRatioKept_TheEvidenceThenCrosses(double ratio)
    {
        // As many events as it says, in the proportion of the true ratio, carry the mixture to about where it must be.
        const double Share = 0.25;
        var events = Outlook.HarmEvents(Outlook.Missing(0, LnTwenty), Share, ratio, 1);
        var theta = Share * ratio / ((Share * ratio) + 1 - Share);
        var perTarget = new double[RatioGrid.HarmSize];
        var perSource = new double[RatioGrid.HarmSize];
        RatioGrid.Steps(Share, 1, RatioGrid.HarmLogs, perTarget, perSource);
        var logs = perTarget.Select((t, j) => events * ((theta * t) + ((1 - theta) * perSource[j]))).ToArray();
        Assert.InRange(LogMath.Sum(logs) - Math.Log(logs.Length), LnTwenty - 0.8, LnTwenty + 1.2);
    }

    [Fact]
    public void ScorePairs_EqualArmsAtTheMargin_TheBetThenCrosses()
    {
        // Scores of equal mean that differ by a quarter up or down.
        const double Margin = 0.0625;
        var pairs = Outlook.ScorePairs(Outlook.Missing(0, LnTwenty), Margin, 0.0625, 1 / (1 - Margin));
        var bet = new PairBet(1, -Margin, PairSide.Above);
        var (up, down, log) = (new double[PairBet.Size], new double[PairBet.Size], new double[PairBet.Size]);
        bet.LogFactors([(ushort)((16 * PairBet.Levels) + 24)], [1], up);
        bet.LogFactors([(ushort)((16 * PairBet.Levels) + 8)], [1], down);
        for (var j = 0; j < log.Length; j++)
        {
            log[j] = pairs / 2 * (up[j] + down[j]);
        }

        Assert.InRange(LogMath.Sum(log) - Math.Log(log.Length), LnTwenty - 0.8, LnTwenty + 0.8);
    }

    [Fact]
    public void Of_ErrorsEarly_SaysCountsDistanceAndWhatIsNeeded()
    {
        var explained = Explanations.Of(Errors(), 0.25);
        Assert.Equal(
            [
                "Target 1 of 100 (1 %, 0 % to 9.28 %), source 3 of 300 (1 %, 0.04 % to 3.79 %) failed.",
                "Difference 0.00 pp, 95 % -4.00 pp to +4.00 pp, too few to rely upon.",
                "Harm: evidence 10^0.10 of 10^1.30; about 29 more errors of both arms if the true ratio is 3.",
                "Promotion at +2.00 pp: evidence 10^0.30 of 10^1.30; about 460 more target requests if the arms are equal.",
                "Promotion at the final +1.00 pp: evidence 10^0.10 of 10^1.30; about 1,900 more target requests if the arms are equal.",
            ],
            explained.Lines);
        Assert.Equal(1.2, explained.HarmMissingLog10, 1e-9);
        Assert.Equal(1, explained.PromoteMissingLog10, 1e-9);
        Assert.Equal(3, explained.HarmAssumed);
        Assert.InRange(explained.TargetLow!.Value, 0, 0.01);
        Assert.InRange(explained.TargetHigh!.Value, 0.01, 0.2);
    }

    [Fact]
    public void Of_TargetClearlyWorse_AssumesTheCountedRatio()
    {
        var explained = Explanations.Of(Errors() with { TargetEvents = 8, SourceEvents = 4, HarmLog10 = 1 }, 0.25);
        Assert.Equal(6, explained.HarmAssumed);
        Assert.Contains("if the true ratio is 6, as counted so far", explained.Lines[2], StringComparison.Ordinal);
        Assert.True(explained.HarmNeeds < Explanations.Of(Errors(), 0.25).HarmNeeds);
    }

    [Fact]
    public void Of_DecisionsReached_SaysReached()
    {
        var explained = Explanations.Of(Errors() with { HarmLog10 = 2, PromoteLog10 = 2, PromoteFinalLog10 = 2 }, 0.25);
        Assert.Equal((0, 0, 0, 0), (explained.HarmMissingLog10, explained.PromoteMissingLog10, explained.HarmNeeds, explained.PromoteNeeds));
        Assert.All(explained.Lines.Skip(2), line => Assert.EndsWith("reached.", line, StringComparison.Ordinal));
    }

    [Fact]
    public void Of_NothingCounted_SaysThatItCannotBeTold()
    {
        var explained = Explanations.Of(
            Errors() with { SourceExposures = 0, SourceEvents = 0, TargetExposures = 0, TargetEvents = 0, Effect = null, EffectLow = null, EffectHigh = null }, 0);
        Assert.Equal("Target none counted, source none counted failed.", explained.Lines[0]);
        Assert.Null(explained.PromoteNeeds);
        Assert.Null(explained.TargetLow);
    }

    [Fact]
    public void Of_Quality_CountsPairs()
    {
        var gate = Errors() with
        {
            Name = "quality", Metric = Metric.Quality, Margin = 0.03, FinalMargin = 0.03, Tolerance = 0.02, Unit = EffectUnit.Score, SourceMean = 0.8, TargetMean = 0.7,
            SourceExposures = 200, TargetExposures = 200, SourceEvents = 60, TargetEvents = 110, Effect = -0.1, EffectLow = -0.15, EffectHigh = -0.05, PairVariance = 0.06,
        };
        var explained = Explanations.Of(gate, 0.25);
        Assert.Equal("200 pairs: the target did worse in 110, better in 60, mean 0.7 against 0.8 of the source.", explained.Lines[0]);
        Assert.StartsWith("Difference -0.100, 95 % -0.150 to -0.050", explained.Lines[1], StringComparison.Ordinal);
        Assert.Contains("more scored pairs if its score is 0.1 lower", explained.Lines[2], StringComparison.Ordinal);
        Assert.InRange(explained.HarmNeeds!.Value, 20, 120);
        Assert.Null(explained.TargetLow);
    }

    [Theory]
    [InlineData(Metric.Cost, 1.2)]
    [InlineData(Metric.Preference, 0.1)]
    [InlineData(Metric.LatencyP50, 1.5)]
    [InlineData(Metric.LatencyP95, 1.5)]
    [InlineData(Metric.Latency, 0.15)]
    [InlineData(Metric.FirstToken, 0.15)]
    [InlineData(Metric.CheckFailureRate, 0.01)]
    [InlineData(Metric.Satisfaction, 0.05)]
    public void Of_EveryKindOfMetric_EstimatesBothDecisions(Metric metric, double margin)
    {
        var tolerance = MetricTraits.UnitOf(metric) == EffectUnit.Score ? 0.01 : 1;
        var explained = Explanations.Of(
            Errors() with
            {
                Metric = metric, Check = "json", Margin = margin, FinalMargin = margin, Tolerance = tolerance, SourceMean = 1, TargetMean = 1, PairVariance = 0.01, Unit = MetricTraits.UnitOf(metric),
                Effect = MetricTraits.UnitOf(metric) == EffectUnit.Ratio ? 1 : 0,
            },
            0.25);
        Assert.True(explained.HarmNeeds > 1 && explained.PromoteNeeds > 1, string.Join('\n', explained.Lines));
        Assert.Equal(4, explained.Lines.Count);
    }

    [Fact]
    public void Of_AnyCounts_IsWordsWithoutNonsense()
    {
        (long Events, long Requests)[] counts = [(0, 0), (0, 1), (1, 1), (58, 59), (59, 59), (202, 203), (203, 203), (1, 1_000_000), (999_999, 1_000_000)];
        foreach (var metric in Enum.GetValues<Metric>())
        {
            foreach (var (sourceEvents, source) in counts)
            {
                foreach (var (targetEvents, target) in counts)
                {
                    foreach (var (weight, variance) in new[] { (0.0, 0.0), (0.05, 0.06), (1.0, 1.0) })
                    {
                        var explained = Explanations.Of(
                            Errors() with
                            {
                                Metric = metric, Check = "json", Unit = MetricTraits.UnitOf(metric), SourceExposures = source, SourceEvents = sourceEvents,
                                TargetExposures = target, TargetEvents = targetEvents, PairVariance = variance, SourceMean = 1, TargetMean = 0,
                            },
                            weight);
                        var words = string.Join(' ', explained.Lines);
                        Assert.False(words.Contains("NaN", StringComparison.Ordinal) || words.Contains('∞', StringComparison.Ordinal) || words.Contains("Infinity", StringComparison.Ordinal), words);
                        Assert.True(explained.HarmNeeds is null or >= 0 && explained.PromoteNeeds is null or >= 0, words);
                    }
                }
            }
        }
    }

    private static GateEvidence Errors() => new()
    {
        Name = "errors", Metric = Metric.ErrorRate, Required = true, Verdict = Verdict.Undecided, FinalVerdict = Verdict.Undecided, Margin = 0.02, FinalMargin = 0.01,
        HarmLog10 = 0.1, HarmWithoutOneKeyLog10 = 0.1, HarmNeededLog10 = 1.3, HarmAlpha = 0.05, PromoteLog10 = 0.3, PromoteFinalLog10 = 0.1, PromoteNeededLog10 = 1.3,
        SourceExposures = 300, SourceEvents = 3, TargetExposures = 100, TargetEvents = 1, Effect = 0, EffectLow = -0.04, EffectHigh = 0.04,
    };
}
