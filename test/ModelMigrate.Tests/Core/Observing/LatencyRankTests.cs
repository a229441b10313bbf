using ModelMigrate.Core.Observing.Blocks;
using ModelMigrate.Core.Observing.Signals;

namespace ModelMigrate.Tests.Core.Observing;

public sealed class LatencyRankTests
{
    private static readonly FrozenQuantiles s_source = new(
        TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(380), TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(190));

    /// <summary>Of a lognormal source, the rank is the distribution function, to within what the logistic curve differs from the normal one.</summary>
    [Theory]
    [InlineData(200, 0.5)]
    [InlineData(380, 0.9)]
    [InlineData(105.26, 0.1)]
    public void Total_AtTheSourcesQuantiles_IsTheirShare(double milliseconds, double share)
    {
        Assert.Equal(share, LatencyRank.Total(TimeSpan.FromMilliseconds(milliseconds), s_source), 0.011);
        Assert.Equal(share, LatencyRank.FirstToken(TimeSpan.FromMilliseconds(milliseconds / 2), s_source), 0.011);
    }

    [Fact]
    public void Total_SlowerAnswers_RankHigherAndNeverLeaveTheScale()
    {
        var ranks = new[] { 0, 0.0001, 1, 50, 200, 201, 1000, 1e6, 1e9 }.Select(ms => LatencyRank.Total(TimeSpan.FromMilliseconds(ms), s_source)).ToList();
        Assert.Equal(ranks.Order(), ranks);
        Assert.All(ranks, rank => Assert.InRange(rank, 0, 1));
    }

    /// <summary>The mean rank of answers that take 1.2 times as long is ½ + P(slower) − ½ = Φ(ln 1.2 / (σ√2)).</summary>
    [Fact]
    public void Total_MeanOverASlowerArm_IsTheProbabilityOfBeingSlower()
    {
        const double Sigma = 0.5;
        var source = new FrozenQuantiles(
            TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(Math.Exp(1.2815515655446004 * Sigma)), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
        var random = new Random(3);
        var sum = 0.0;
        const int Draws = 200_000;
        for (var i = 0; i < Draws; i++)
        {
            var z = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            sum += LatencyRank.Total(TimeSpan.FromSeconds(1.2 * Math.Exp(Sigma * z)), source);
        }

        // Φ(ln 1.2 / (0.5·√2)) = Φ(0.25784) = 0.60173.
        Assert.Equal(0.60173, sum / Draws, 0.005);
    }

    [Fact]
    public void Total_SourceAsRegularAsAClock_AMillisecondIsNotTheWholeScale()
    {
        var regular = new FrozenQuantiles(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        Assert.InRange(LatencyRank.Total(TimeSpan.FromMilliseconds(1001), regular), 0.5, 0.52);
    }
}
