using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Judging.Gates;
using ModelMigrate.Core.Judging.Harm;
using ModelMigrate.Core.Observing.Blocks;

namespace ModelMigrate.Tests.Core.Judging;

/// <summary>Counts or figures that cannot be decide nothing: neither for the target nor against it.</summary>
public sealed class FailClosedTests
{
    public static TheoryData<string> Broken =>
    [
        "more failures than ended", "negative admissions", "ended above admissions", "ended with open requests", "negative pairs",
        "more pairs than requests", "pairs lost without failures", "more slow than exposed", "exposed above admissions",
        "more failures by key than failures", "more source failures by key than failures", "more requests by key than requests",
        "a negative number of requests by key", "negative distinct keys", "weight above all",
    ];

    [Theory]
    [MemberData(nameof(Broken))]
    public void Fold_InconsistentBlock_DecidesNothingFromHereOn(string kind)
    {
        var judge = JudgeKit.Folded(JudgeKit.Errors, Block("", 1));
        Assert.Equal(FoldResult.Inconsistent, judge.Fold(Block(kind, 2)));

        // Overwhelming evidence for the target, and then against it, changes nothing.
        foreach (var failures in new[] { 0, 5000 })
        {
            judge.Fold(JudgeKit.Ended(3 + failures, 5000, 0, 5000, failures));
            var evidence = judge.Look();
            Assert.All(evidence.Gates, g => Assert.Equal((Verdict.Undecided, Verdict.Undecided, "inconsistent counts"), (g.Verdict, g.FinalVerdict, g.Note)));
            Assert.NotNull(evidence.Fault);
            Assert.False(evidence.Passes(final: true) || evidence.Passes(final: false));
            Assert.Null(evidence.Worse);
        }

        Assert.NotNull(new Judge(JudgeKit.Errors, judge.Snapshot()).Look().Fault);
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public void Evaluate_InconsistentOpenBlock_DecidesNothingWhileItIsThere(string kind)
    {
        var bad = JudgeKit.Folded(JudgeKit.Errors, JudgeKit.Ended(1, 5000, 0, 5000, 0));
        var open = Block(kind, 2) with { Ended = kind == "ended with open requests" };
        Assert.Equal(Verdict.Undecided, bad.Look(60, open).Gates[0].Verdict);
        Assert.Equal(Verdict.NotWorse, bad.Look().Gates[0].Verdict);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(0)]
    [InlineData(-1)]
    public void Evaluate_FigureOutOfRange_NeitherWorseNorNotWorse(double figure)
    {
        GateSpec[] gates =
        [
            GateDefaults.Chat[0] with { Margin = figure },
            GateDefaults.Chat[0] with { Tolerance = figure },
            GateDefaults.Chat[0] with { AlphaShare = figure },
            GateDefaults.Chat[2] with { Margin = figure },
            GateDefaults.Chat[2] with { Tolerance = figure },
        ];
        foreach (var spec in gates.Select(g => JudgeKit.Errors with { Gates = [g] })
            .Append(JudgeKit.Errors with { Alpha = figure }).Append(JudgeKit.Errors with { PromoteAlpha = figure }))
        {
            foreach (var failures in new[] { 0, 5000 })
            {
                var evidence = JudgeKit.Folded(spec, Both(1, failures)).Look();
                Assert.Equal((Verdict.Undecided, Verdict.Undecided), (evidence.Gates[0].Verdict, evidence.Gates[0].FinalVerdict));
                Assert.False(evidence.Passes(final: true));
                Assert.True(double.IsFinite(evidence.Gates[0].HarmLog10 + evidence.Gates[0].PromoteLog10 + evidence.Gates[0].HarmNeededLog10));
            }
        }
    }

    [Fact]
    public void Evaluate_CheckpointHoldsNotANumber_NeitherWorseNorNotWorse()
    {
        var logs = new double[24];
        Array.Fill(logs, double.NaN);
        var state = JudgeKit.Folded(JudgeKit.Errors, JudgeKit.Ended(1, 5000, 0, 5000, 0)).Snapshot();
        state = state with { Gates = [state.Gates[0] with { Harm = new HarmState { Blocks = 1, Placed = 1, Wealth = logs } }] };
        var gate = new Judge(JudgeKit.Errors, state).Look().Gates[0];
        Assert.Equal((Verdict.Undecided, "figures out of range"), (gate.Verdict, gate.Note));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(500, 0)]
    [InlineData(0, 500)]
    public void Evaluate_AnArmHasNothing_NoData(int source, int target)
    {
        var evidence = JudgeKit.Folded(JudgeKit.Errors with { Gates = GateDefaults.Chat }, JudgeKit.Ended(1, source, 0, target, target)).Look();
        Assert.All(evidence.Gates, g => Assert.Equal((Verdict.NoData, Verdict.NoData), (g.Verdict, g.FinalVerdict)));
        Assert.False(evidence.Passes(final: true));
    }

    private static Block Both(long sequence, int failures) => JudgeKit.Ended(sequence, 5000, 0, 5000, failures) with
    {
        Exceedances = [new ExceedanceCounts(LatencyQuantile.TotalP90, 5000, 500, 5000, failures)],
    };

    private static Block Block(string kind, long sequence)
    {
        var good = JudgeKit.Ended(sequence, 100, 0, 100, 1);
        return kind switch
        {
            "more failures than ended" => good with { Target = good.Target with { Failures = 101 } },
            "negative admissions" => good with { Source = good.Source with { Admissions = -1, Ended = -1 } },
            "ended above admissions" => good with { Source = good.Source with { Ended = 101 } },
            "ended with open requests" => good with { Target = good.Target with { Ended = 99 } },
            "negative pairs" => good with { Pairs = new PairCounts(0, -1, 0) },
            "more pairs than requests" => good with { Pairs = new PairCounts(0, 101, 0) },
            "pairs lost without failures" => good with { Pairs = new PairCounts(2, 98, 0) },
            "more slow than exposed" => good with { Exceedances = [new ExceedanceCounts(LatencyQuantile.TotalP50, 10, 0, 10, 11)] },
            "exposed above admissions" => good with { Exceedances = [new ExceedanceCounts(LatencyQuantile.TotalP50, 101, 0, 10, 1)] },
            "more source failures by key than failures" => good with { FailureKeys = [new KeyCount(1, 1, 0)] },
            "more requests by key than requests" => good with { FollowedKeys = [new KeyCount(1, (int)good.Source.Admissions + 1, 0)] },
            "a negative number of requests by key" => good with { FollowedKeys = [new KeyCount(1, 0, -1)] },
            "more failures by key than failures" => good with { FailureKeys = [new KeyCount(1, 0, 2)] },
            "negative distinct keys" => good with { NewTargetKeys = -1 },
            "weight above all" => good with { WeightPpm = 1_000_001 },
            _ => good,
        };
    }
}
