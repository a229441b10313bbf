using ModelMigrate.Core.Judging.Processes;

namespace ModelMigrate.Tests.Core.Judging.KnownAnswers;

/// <summary>Sequential win/loss test: E = 2^(n+1)·B(½; W+1, L+1), computed independently from the published formula.</summary>
public sealed class WinLossTests
{
    [Theory]
    [InlineData(0, 5, 10.5)]
    [InlineData(10, 25, 10.3391758)]
    [InlineData(40, 60, 1.7840590)]
    [InlineData(5, 5, 0.3694084)]
    public void LogBelow_KnownWinsAndLosses_MatchesTheFormula(long wins, long losses, double e) =>
        Assert.Equal(e, Math.Exp(WinLoss.LogBelow(wins, losses)), 1e-7 * Math.Max(1, e));

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.45)]
    [InlineData(0.5)]
    [InlineData(0.8)]
    public void LogBelow_AnyBoundary_IsTheIntegralOfTheLikelihoodRatio(double p0)
    {
        foreach (var (wins, losses) in new[] { (0, 0), (3, 9), (20, 4), (7, 7) })
        {
            // ∫ (θ/p0)^W ((1−θ)/(1−p0))^L dθ / p0 over (0, p0), by Simpson's rule.
            const int N = 20_000;
            double sum = 0, h = p0 / N;
            for (var i = 0; i <= N; i++)
            {
                var theta = i * h;
                sum += (i is 0 or N ? 1 : i % 2 == 1 ? 4 : 2) * Math.Pow(theta / p0, wins) * Math.Pow((1 - theta) / (1 - p0), losses);
            }

            Assert.Equal(Math.Log(sum * h / 3 / p0), WinLoss.LogBelow(wins, losses, p0), 1e-8);
        }
    }

    [Theory]
    [InlineData(5000, 0)]
    [InlineData(100_000, 1000)]
    [InlineData(0, 100_000)]
    public void LogBelow_FarFromTheBoundary_StaysFinite(long wins, long losses)
    {
        var log = WinLoss.LogBelow(wins, losses);
        Assert.True(double.IsFinite(log));
        Assert.Equal(wins < losses, log > 0);
        Assert.True(WinLoss.LogBelow(wins, losses + 1) > log);
        Assert.True(WinLoss.LogBelow(wins + 1, losses) < log);
    }
}
