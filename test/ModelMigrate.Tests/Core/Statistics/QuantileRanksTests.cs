using ModelMigrate.Core.Statistics;

namespace ModelMigrate.Tests.Core.Statistics;

public sealed class QuantileRanksTests
{
    /// <summary>Exact binomial sums; the medians' ranks are those of the printed tables of the sign test.</summary>
    [Theory]
    [InlineData(0.5, 5, null, null)]
    [InlineData(0.5, 6, 1L, 6L)]
    [InlineData(0.5, 10, 2L, 9L)]
    [InlineData(0.5, 20, 6L, 15L)]
    [InlineData(0.5, 50, 18L, 33L)]
    [InlineData(0.5, 100, 40L, 61L)]
    [InlineData(0.99, 50, 48L, null)]
    [InlineData(0.99, 367, 359L, null)]
    [InlineData(0.99, 368, 360L, 368L)]
    [InlineData(0.99, 800, 786L, 798L)]
    [InlineData(0.95, 1000, 936L, 964L)]
    public void Around_KnownCounts_TheRanksOfExactSums(double share, long count, long? low, long? high) => Assert.Equal((low, high), QuantileRanks.Around(share, count));

    [Fact]
    public void Around_DrawnSamples_HoldTheTrueQuantileAsOftenAsSaid()
    {
        var draws = new SeededDraws(11);
        foreach (var (share, count) in new[] { (0.5, 50), (0.99, 800) })
        {
            var (low, high) = QuantileRanks.Around(share, count);
            var held = 0;
            for (var i = 0; i < 2000; i++)
            {
                var values = Enumerable.Range(0, count).Select(_ => draws.Share()).Order().ToList();
                held += values[(int)low!.Value - 1] <= share && share <= values[(int)high!.Value - 1] ? 1 : 0;
            }

            Assert.InRange(held / 2000.0, 0.94, 1);
        }
    }

    [Theory]
    [InlineData(0.99, 368)]
    [InlineData(0.95, 72)]
    public void CountForUpper_IsTheFirstCountWithABound(double share, long count)
    {
        Assert.Equal(count, QuantileRanks.CountForUpper(share));
        Assert.Equal((true, false), (QuantileRanks.Around(share, count).High is not null, QuantileRanks.Around(share, count - 1).High is not null));
    }

    [Theory]
    [InlineData(0.5, 4, 2)]
    [InlineData(0.5, 5, 3)]
    [InlineData(0.99, 100, 99)]
    [InlineData(0.99, 101, 100)]
    [InlineData(0.999, 1000, 999)]
    [InlineData(0.95, 20, 19)]
    public void Of_NearestRank(double share, long count, long rank) => Assert.Equal(rank, QuantileRanks.Of(share, count));
}
