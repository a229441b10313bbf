using System.Text.Json;
using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Judging.Health;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Observing.Blocks;

namespace ModelMigrate.Tests.Core.Judging;

/// <summary>What counts once, what counts never, and what stands in the way of a promotion.</summary>
public sealed class JudgeTests
{
    [Fact]
    public void Fold_DuplicateLateOrForeign_ChangesNothing()
    {
        var judge = JudgeKit.Folded(JudgeKit.Errors, JudgeKit.Ended(1, 50, 1, 50, 2), JudgeKit.Ended(3, 50, 1, 50, 2));
        var before = JsonSerializer.Serialize(judge.Snapshot());
        var block = JudgeKit.Ended(4, 50, 0, 50, 50);
        Assert.Equal(FoldResult.Duplicate, judge.Fold(JudgeKit.Ended(3, 50, 1, 50, 2)));
        Assert.Equal(FoldResult.Duplicate, judge.Fold(JudgeKit.Ended(2, 50, 0, 50, 50)));
        Assert.Equal(FoldResult.Duplicate, judge.Fold(block with { Key = block.Key with { Incarnation = 0 } }));
        Assert.Equal(FoldResult.Foreign, judge.Fold(block with { Key = block.Key with { Attempt = 2 } }));
        Assert.Equal(FoldResult.Foreign, judge.Fold(block with { Key = block.Key with { Migration = new MigrationId("MIG-2") } }));
        Assert.Equal(FoldResult.Open, judge.Fold(block with { Ended = false }));
        Assert.Equal(before, JsonSerializer.Serialize(judge.Snapshot()));
        Assert.Equal(FoldResult.Folded, judge.Fold(block with { Key = block.Key with { Replica = "another" } }));
        Assert.NotEqual(before, JsonSerializer.Serialize(judge.Snapshot()));
    }

    [Fact]
    public void Evaluate_OpenBlockAlreadyFolded_CountsOnce()
    {
        var block = JudgeKit.Ended(1, 50, 1, 50, 20);
        var judge = JudgeKit.Folded(JudgeKit.Errors, block);
        Assert.Equal(JsonSerializer.Serialize(judge.Look()), JsonSerializer.Serialize(judge.Look(60, block with { Ended = false, Pairs = default })));
    }

    [Fact]
    public void Evaluate_OpenBlocks_HarmAndNeverPromotion()
    {
        var judge = JudgeKit.Folded(JudgeKit.Errors, JudgeKit.Ended(1, 10, 0, 10, 0));
        var healthy = JudgeKit.Ended(2, 5000, 0, 5000, 0) with { Ended = false };
        Assert.Equal(judge.Look().Gates[0].PromoteLog10, judge.Look(60, healthy).Gates[0].PromoteLog10);
        Assert.Equal(Verdict.Worse, judge.Look(60, JudgeKit.Ended(2, 50, 0, 50, 30) with { Ended = false, Pairs = default }).Gates[0].Verdict);
    }

    [Theory]
    [InlineData(10, 100, false)]
    [InlineData(21, 0, true)]
    [InlineData(21, 200, false)]
    public void FewKeys_OneKeyAboveATenthOfTheRoute_StandsInTheWay(int heavy, int others, bool few)
    {
        var block = JudgeKit.Ended(1, heavy + others, 0, 0, 0) with { AdmissionKeys = [new KeyCount(7, heavy, 0)] };
        Assert.Equal(few, JudgeKit.Folded(JudgeKit.Errors, block).Look().FewKeys is not null);
    }

    [Fact]
    public void FewKeys_OneKeyAboveATenthOfTheTargetOnly_StandsInTheWay()
    {
        var block = JudgeKit.Ended(1, 1900, 0, 100, 0);
        Assert.Null(JudgeKit.Folded(JudgeKit.Errors, block with { AdmissionKeys = [new KeyCount(7, 0, 10)] }).Look().FewKeys);
        var few = JudgeKit.Folded(JudgeKit.Errors, block with { AdmissionKeys = [new KeyCount(7, 0, 11)] }).Look().FewKeys;
        Assert.Contains("11 of the target's 100", few, StringComparison.Ordinal);
        Assert.Contains("finer key", few, StringComparison.Ordinal);
    }

    [Fact]
    public void SampleRatio_SharesOffTheWeight_AlarmsOnlyBeyondAlpha()
    {
        // Closed form of ln E = ln B(s + 50, t + 50) − ln B(50, 50) − (s + t)·ln ½, by products: whole arguments.
        Assert.Equal(ByProducts(80, 20), DirichletMultinomial.LogEvidence(80, 20, 0.5), 1e-8);
        Assert.Equal(ByProducts(55, 45), DirichletMultinomial.LogEvidence(55, 45, 0.5), 1e-8);
        Assert.False(Ratio(520, 480).Mismatch);
        Assert.True(Ratio(700, 300).Mismatch);
        Assert.True(Ratio(300, 700).Mismatch);
        Assert.Equal(3, Ratio(1, 1).NeededLog10, 1e-12);
    }

    [Fact]
    public void SampleRatio_ExactBinomial_ExpectationIsOne()
    {
        foreach (var weight in new[] { 0.01, 0.1, 0.5 })
        {
            double expectation = 0, choose = 1;
            const int N = 60;
            for (var target = 0; target <= N; target++)
            {
                expectation += choose * Math.Pow(weight, target) * Math.Pow(1 - weight, N - target)
                    * Math.Exp(DirichletMultinomial.LogEvidence(N - target, target, weight));
                choose = choose * (N - target) / (target + 1);
            }

            Assert.Equal(1, expectation, 1e-8);
        }
    }

    [Fact]
    public void SampleRatio_WeightChanges_BeginsAnew()
    {
        var skewed = JudgeKit.Ended(1, 1000, 0, 0, 0) with { NewSourceKeys = 1000 };
        var next = JudgeKit.Ended(2, 100, 0, 100, 0) with { WeightPpm = 250_000, NewSourceKeys = 75, NewTargetKeys = 25 };
        var judge = JudgeKit.Folded(JudgeKit.Errors, skewed);
        Assert.True(judge.Look().SampleRatio.Mismatch);
        judge.Fold(next with { Key = next.Key with { Revision = 2 } });
        Assert.False(judge.Look().SampleRatio.Mismatch);
        Assert.Equal((75L, 25L), (judge.Look().SampleRatio.SourceKeys, judge.Look().SampleRatio.TargetKeys));
    }

    [Fact]
    public void Latency_OneKeyIsSlow_UndecidedAndManyKeysAreWorse()
    {
        var one = JudgeKit.Folded(JudgeKit.Latency, JudgeKit.Slow(1, 200, 20, 200, 120, new KeyCount(7, 0, 110), new KeyCount(8, 0, 1))).Look().Gates[0];
        Assert.Equal((Verdict.Undecided, "one key"), (one.Verdict, one.Note));
        Assert.True(one.HarmLog10 >= one.HarmNeededLog10 && one.HarmWithoutOneKeyLog10 < one.HarmNeededLog10);

        var keys = Enumerable.Range(1, 30).Select(k => new KeyCount((ulong)k, 0, 4)).ToArray();
        var many = JudgeKit.Folded(JudgeKit.Latency, JudgeKit.Slow(1, 200, 20, 200, 120, keys)).Look().Gates[0];
        Assert.Equal((Verdict.Worse, null), (many.Verdict, many.Note));
    }

    [Fact]
    public void Latency_OneKeyIsSlowInOpenBlocks_Undecided()
    {
        var judge = JudgeKit.Folded(JudgeKit.Latency, JudgeKit.Slow(1, 200, 20, 200, 20));
        var open = JudgeKit.Slow(2, 200, 20, 200, 150, new KeyCount(7, 0, 140)) with { Ended = false, Pairs = default };
        Assert.Equal("one key", judge.Look(60, open).Gates[0].Note);
        Assert.Equal(Verdict.Worse, judge.Look(60, open with { Exceedances = [open.Exceedances[0] with { Keys = [] }] }).Gates[0].Verdict);
    }

    private static SampleRatioEvidence Ratio(int source, int target) => JudgeKit.Folded(
        JudgeKit.Errors, JudgeKit.Ended(1, source, 0, target, 0) with { NewSourceKeys = source, NewTargetKeys = target }).Look().SampleRatio;

    private static double ByProducts(int source, int target)
    {
        var log = (source + target) * Math.Log(2);
        for (var i = 0; i < source; i++)
        {
            log += Math.Log((50 + i) / (100.0 + i));
        }

        for (var i = 0; i < target; i++)
        {
            log += Math.Log((50 + i) / (100.0 + source + i));
        }

        return log;
    }
}
