using System.Text.Json;
using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Judging.Explaining;
using ModelMigrate.Core.Judging.Gates;
using ModelMigrate.Core.Judging.Harm;
using ModelMigrate.Core.Judging.Processes;
using ModelMigrate.Core.Observing.Blocks;
using ModelMigrate.Core.Observing.Signals;
using ModelMigrate.Core.Rollouts;
using ModelMigrate.Tests.Scenarios;

namespace ModelMigrate.Tests.Core.Judging;

/// <summary>The test of the time after the promotion, beside the one over the whole migration.</summary>
public sealed class WatchTests
{
    private const int Planned = 300;

    private static readonly JudgeSpec s_spec = JudgeKit.Errors with { WatchBlocks = Planned, WatchShare = 0.2, WatchWeightPpm = 900_000 };

    [Fact]
    public void Log_OneBlock_IsTheGoldenLikelihoodRatio()
    {
        // M_1 = (0 + 1)·L_1; ln L_1 of (w = .05, x_T = 3, x_S = 5) from the research's table 2.1(a).
        var detector = new HarmProcess(1, BetSchedule.EveryBlock(Planned), new HarmState());
        detector.Fold(new EventBlock(95, 5, 5, 3), []);
        Assert.Equal(3.290577353, detector.Log, 1e-9);
        detector.Fold(new EventBlock(95, 0, 5, 0), []);
        Assert.Equal(Math.Exp(3.290577353) + 1, Math.Exp(detector.Log), 1e-6);
    }

    [Fact]
    public void Evaluate_AlphaIsDividedOnce()
    {
        var gate = JudgeKit.Folded(s_spec, Watched(1, 10, 0, 90, 1)).Look().Gates[0];
        var alpha = s_spec.EpochAlpha;
        Assert.Equal(-Math.Log10(0.8 * alpha), gate.HarmNeededLog10, 1e-12);
        Assert.Equal(Math.Log10(Planned / (0.2 * alpha)), gate.WatchNeededLog10!.Value, 1e-12);
        Assert.Equal(alpha, s_spec.HarmAlpha(s_spec.Gates[0]) + s_spec.WatchAlpha(s_spec.Gates[0]), 1e-15);
        var preference = s_spec with { Gates = [GateDefaults.Of(Metric.Preference)] };
        Assert.Equal((alpha, 0.0), (preference.HarmAlpha(preference.Gates[0]), preference.WatchAlpha(preference.Gates[0])));
    }

    [Fact]
    public void Evaluate_BeforeThePromotion_SaysNothingOfTheWatch()
    {
        var judge = JudgeKit.Folded(s_spec, JudgeKit.Ended(1, 50, 1, 50, 2));
        Assert.Null(judge.Look().Gates[0].WatchLog10);
        var open = Watched(2, 10, 0, 90, 30) with { Ended = false, Pairs = default };
        Assert.True(judge.Look(60, open).Gates[0].WatchLog10 > 0);
        Assert.Null(JudgeKit.Folded(JudgeKit.Errors, Watched(1, 10, 0, 90, 1)).Look().Gates[0].WatchLog10);
    }

    [Fact]
    public void Evaluate_HarmLongAfterThePromotion_IsFoundAndSoonerThanByTheWholeMigration()
    {
        var judge = JudgeKit.Folded(s_spec, Enumerable.Range(1, 6000).Select(i => JudgeKit.Ended(i, 50, 1, 50, 1)));
        var sequence = 6000;
        for (; sequence < 6100; sequence++)
        {
            Assert.Equal(FoldResult.Folded, judge.Fold(Watched(sequence + 1, 10, sequence % 5 == 0 ? 1 : 0, 90, 2)));
        }

        GateEvidence gate;
        do
        {
            judge.Fold(Watched(++sequence, 10, sequence % 5 == 0 ? 1 : 0, 90, 9));
            gate = judge.Look().Gates[0];
        }
        while (gate.Verdict != Verdict.Worse && sequence < 6400);

        Assert.Equal(Verdict.Worse, gate.Verdict);
        Assert.True(gate.WatchLog10 >= gate.WatchNeededLog10);
        Assert.True(gate.HarmLog10 < gate.HarmNeededLog10, $"{gate.HarmLog10} of {gate.HarmNeededLog10} after {sequence - 6100} blocks");
    }

    [Fact]
    public void Decide_HarmSinceThePromotion_RollsBackAndSaysSince()
    {
        var spec = Specs.Ramp(1) with { Id = JudgeKit.Id, Gates = JudgeKit.Errors.Gates, WatchShare = RolloutJudging.WatchShare, HoldBackPpm = 100_000 };
        var state = new RolloutState { Id = JudgeKit.Id, Phase = RolloutPhase.Watching, Step = 2, WeightPpm = 900_000, TargetProven = true, Since = JudgeKit.Start };
        var judge = JudgeKit.Folded(RolloutJudging.SpecFor(spec, state), Enumerable.Range(1, 6000).Select(i => JudgeKit.Ended(i, 50, 1, 50, 1)));
        Decision? decision = null;
        Evidence? evidence = null;
        for (var i = 6001; decision is null && i < 6400; i++)
        {
            judge.Fold(Watched(i, 10, i % 5 == 0 ? 1 : 0, 90, 9));
            decision = RolloutDecider.Decide(spec, state, evidence = judge.Look(), JudgeKit.Start.AddSeconds(1));
        }

        Assert.Equal((DecisionKind.RollingBack, "errors"), (decision?.Kind, decision?.Gate));
        Assert.Contains("(since the promotion, evidence 10^", decision!.Reason, StringComparison.Ordinal);
        Assert.Contains(Explanations.Of(evidence!.Gates[0], 0.9).Lines, line => line.StartsWith("Harm since the promotion: evidence 10^", StringComparison.Ordinal));
    }

    [Fact]
    public void Evaluate_OneKeyFailsInTheWatch_Undecided()
    {
        var judge = JudgeKit.Folded(s_spec, Watched(1, 100, 1, 900, 9));
        judge.Fold(Watched(2, 500, 1, 4500, 700) with { FailureKeys = [new KeyCount(7, 0, 695)] });
        var gate = judge.Look().Gates[0];
        Assert.True(gate.WatchLog10 >= gate.WatchNeededLog10);
        Assert.Equal((Verdict.Undecided, "one key"), (gate.Verdict, gate.Note));
    }

    [Theory]
    [InlineData(Metric.ErrorRate)]
    [InlineData(Metric.Quality)]
    public void Snapshot_InTheWatch_GoesOnBitForBit(Metric metric)
    {
        var spec = s_spec with { Gates = [GateDefaults.Of(metric)] };
        var whole = new Judge(spec);
        var parts = new Judge(spec);
        for (var i = 1; i <= 40; i++)
        {
            var block = Watched(i, 30, i % 3 == 0 ? 1 : 0, 60, i % 7) with { Scores = [Scores(i)] };
            whole.Fold(block);
            parts.Fold(block);
            parts = new Judge(spec, JsonSerializer.Deserialize<JudgeState>(JsonSerializer.Serialize(parts.Snapshot())));
        }

        Assert.NotNull(whole.Look().Gates[0].WatchLog10);
        Assert.Equal(JsonSerializer.Serialize(whole.Look()), JsonSerializer.Serialize(parts.Look()));
    }

    [Fact]
    public void SpecFor_NoShareOrNoHoldBack_NoWatchTest()
    {
        var spec = Specs.Ramp(1) with { WatchShare = RolloutJudging.WatchShare };
        var state = new RolloutState { Id = spec.Id };
        Assert.Equal((300, 990_000), (RolloutJudging.SpecFor(spec, state).WatchBlocks, RolloutJudging.SpecFor(spec, state).WatchWeightPpm));
        Assert.False(RolloutJudging.SpecFor(spec with { WatchShare = 0 }, state).Watches(spec.Gates[0]));
        Assert.False(RolloutJudging.SpecFor(spec with { HoldBackPpm = 0 }, state).Watches(spec.Gates[0]));
    }

    private static Block Watched(long sequence, int source, int sourceFailures, int target, int targetFailures) =>
        JudgeKit.Ended(sequence, source, sourceFailures, target, targetFailures) with { WeightPpm = 900_000 };

    private static ScoreCounts Scores(int i) => new(PairedScore.Quality)
    {
        Table = PairTable.FromPairs([PairTable.Cell(20, i % 33), PairTable.Cell(20, 18)]),
        Preference = new PairCounts(1, 0, 1),
    };
}
