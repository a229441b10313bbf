using System.Text.Json;
using ModelMigrate.Core.Judging.Harm;
using ModelMigrate.Core.Judging.Processes;
using ModelMigrate.Core.Judging.Promotion;
using ModelMigrate.Core.Observing.Signals;
using ModelMigrate.Core.Observing.Blocks;

namespace ModelMigrate.Tests.Core.Judging.Processes;

public sealed class PairBetTests
{
    private const int Full = PairBet.Levels - 1;

    [Theory]
    [InlineData(0, 1000, 0, 0.01)]
    [InlineData(12, 400, 3, 0.02)]
    [InlineData(1, 5, 40, 0.04)]
    public void Log_PairsOfZeroAndOne_EqualsThePairedBettingOfFailures(int lost, int even, int won, double delta)
    {
        // t and s are 1 for a failure: H0 is E[t − s] ≥ δ.
        var promotion = new PairPromotion(new PairBet(1, delta, PairSide.Below), []);
        promotion.Fold([Cell(0, Full), Cell(0, 0), Cell(Full, 0)], [lost, even, won]);
        Assert.Equal(PairedBetting.Log(new PairCounts(lost, even, won), delta), promotion.Log, 1e-9);
    }

    [Theory]
    [InlineData(1, -0.02, false)]
    [InlineData(1, -0.03, true)]
    [InlineData(1, 0, false)]
    [InlineData(1.25, 0, true)]
    [InlineData(1.1, 0, false)]
    public void LogFactors_MeanOnTheBoundary_ExpectationOfEachBetIsOne(double ratio, double delta, bool above)
    {
        var side = above ? PairSide.Above : PairSide.Below;
        // Two cells with Z on both sides of 0, in the proportion that makes its mean 0.
        var bet = new PairBet(ratio, delta, side);
        var (low, high) = (Cell(20, 3), Cell(5, 31));
        var p = -bet.ValueOf(low) / (bet.ValueOf(high) - bet.ValueOf(low));
        var onLow = Factors(bet, [low], [1]);
        var onHigh = Factors(bet, [high], [1]);
        for (var j = 0; j < PairBet.Size; j++)
        {
            Assert.Equal(1, ((1 - p) * Math.Exp(onLow[j])) + (p * Math.Exp(onHigh[j])), 1e-12);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void LogFactors_WorstCellManyTimes_StaysFinite(bool above)
    {
        var side = above ? PairSide.Above : PairSide.Below;
        foreach (var cell in new[] { Cell(Full, 0), Cell(0, Full) })
        {
            foreach (var count in new[] { 1, 16, 17, 100_000 })
            {
                var logs = Factors(new PairBet(1, 0, side), [cell], [count]);
                Assert.All(logs, log => Assert.True(double.IsFinite(log)));
                Assert.Equal(Factors(new PairBet(1, 0, side), [cell], [1])[^1] * count, logs[^1], 1e-9 * count);
            }
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, -1)]
    [InlineData(0.5, -0.6)]
    [InlineData(-1, 0)]
    [InlineData(double.NaN, 0)]
    [InlineData(1, double.NaN)]
    [InlineData(double.PositiveInfinity, 0)]
    public void Log_BetThatCannotBothWinAndLose_IsNotANumber(double ratio, double delta)
    {
        foreach (var side in Enum.GetValues<PairSide>())
        {
            var promotion = new PairPromotion(new PairBet(ratio, delta, side), []);
            promotion.Fold([Cell(0, 0)], [1]);
            Assert.Equal(double.NaN, promotion.Log);
            Assert.Equal(double.NaN, new PairHarm(new PairBet(ratio, delta, side), 10, new HarmState()).Log);
        }
    }

    [Fact]
    public void Fold_SplitAndReordered_ChangesTheLogByRoundingOnly()
    {
        var random = new Random(7);
        var cells = Enumerable.Range(0, 3000).Select(_ => Cell(random.Next(PairBet.Levels), random.Next(PairBet.Levels))).ToArray();
        var bet = new PairBet(1, -0.02, PairSide.Below);
        var whole = new PairPromotion(bet, []);
        whole.Fold(cells, Enumerable.Repeat(1, cells.Length).ToArray());
        var single = new PairPromotion(bet, []);
        random.Shuffle(cells);
        foreach (var cell in cells)
        {
            single.Fold([cell], [1]);
        }

        var counted = new PairPromotion(bet, []);
        counted.Fold(
            [.. cells.Distinct().Order()], [.. cells.GroupBy(c => c).OrderBy(g => g.Key).Select(g => g.Count())]);
        Assert.Equal(whole.Log, single.Log, 1e-9);
        Assert.Equal(whole.Log, counted.Log, 1e-9);
    }

    [Fact]
    public void Snapshot_ThroughJson_GoesOnBitForBit()
    {
        var bet = new PairBet(1, -0.02, PairSide.Below);
        var stream = new PairHarm(bet, 50, new HarmState());
        var resumed = new PairHarm(bet, 50, new HarmState());
        var random = new Random(9);
        for (var block = 0; block < 200; block++)
        {
            var cell = Cell(random.Next(PairBet.Levels), random.Next(PairBet.Levels));
            var pairs = PairTable.FromPairs([.. Enumerable.Repeat(cell, (block % 20) + 1)]);
            KeyPairs[] keys = [new KeyPairs((ulong)random.Next(100)) { Table = pairs }];
            stream.Fold(pairs, keys);
            resumed.Fold(pairs, keys);
            resumed = new PairHarm(bet, 50, JsonSerializer.Deserialize<HarmState>(JsonSerializer.Serialize(resumed.Snapshot()))!);
        }

        Assert.Equal(stream.Log, resumed.Log);
        Assert.Equal(stream.LogWithoutOneKey, resumed.LogWithoutOneKey);
        Assert.True(stream.LogWithoutOneKey < stream.Log);
        Assert.Equal(200, resumed.Blocks);
    }

    [Fact]
    public void LogWithoutOneKey_OneKeyBringsAllOfTheHarm_StaysLow()
    {
        // Every other pair is of one sick key; without it the pairs are even.
        var harm = new PairHarm(new PairBet(1, 0, PairSide.Above), 500, new HarmState());
        var random = new Random(5);
        for (var block = 0; block < 300; block++)
        {
            var even = Cell(16, random.Next(2) * 32);
            var sick = Cell(16, 32);
            harm.Fold(PairTable.FromPairs([even, sick]), [
                new KeyPairs(7) { Table = PairTable.FromPairs([sick]) },
                new KeyPairs((ulong)(1000 + block)) { Table = PairTable.FromPairs([even]) }]);
        }

        Assert.True(harm.Log > Math.Log(1e6));
        Assert.True(harm.LogWithoutOneKey < Math.Log(20));
    }

    private static double[] Factors(PairBet bet, ushort[] cells, int[] counts)
    {
        var logs = new double[PairBet.Size];
        bet.LogFactors(cells, counts, logs);
        return logs;
    }

    private static ushort Cell(int source, int target) => (ushort)((source * PairBet.Levels) + target);
}
