using ModelMigrate.Core.Statistics;

namespace ModelMigrate.Tests.Core.Statistics;

public sealed class ExactShareTests
{
    // Known answers: the rule of three's exact form, and one-sided bounds of the beta distribution as tables of Clopper and Pearson's intervals have them (two-sided 90 %).
    [Theory]
    [InlineData(0, 10, 0, 0.258866)]
    [InlineData(1, 10, 0.005116, 0.394163)]
    [InlineData(5, 10, 0.222441, 0.777559)]
    [InlineData(10, 10, 0.741134, 1)]
    public void Bounds_OfFewTrials_AreTheTables(long events, long trials, double lower, double upper)
    {
        Assert.Equal(lower, ExactShare.Lower(events, trials), 6);
        Assert.Equal(upper, ExactShare.Upper(events, trials), 6);
    }

    [Theory]
    [InlineData(0.001, 2995)]
    [InlineData(0.01, 299)]
    [InlineData(0.05, 59)]
    public void CleanTrials_OfALimit_AreTheLeastThatReachIt(double limit, long trials)
    {
        Assert.Equal(trials, ExactShare.CleanTrials(limit));
        Assert.True(ExactShare.Upper(0, trials) <= limit && ExactShare.Upper(0, trials - 1) > limit);
        Assert.Equal(trials, ExactShare.Trials(0, limit));
    }

    [Fact]
    public void Trials_WithEvents_AreTheLeastThatReachTheLimit()
    {
        foreach (var events in new long[] { 1, 2, 5, 40 })
        {
            var trials = ExactShare.Trials(events, 0.001);
            Assert.True(ExactShare.Upper(events, trials) <= 0.001 && ExactShare.Upper(events, trials - 1) > 0.001, $"{events}: {trials}");
        }
    }

    [Fact]
    public void Upper_OfAnyTrueShare_CoversAsOftenAsItSays()
    {
        // Exact: all outcomes with their probability.
        foreach (var share in new[] { 0.01, 0.05, 0.2, 0.5 })
        {
            var covered = Enumerable.Range(0, 101).Where(events => ExactShare.Upper(events, 100) >= share).Sum(events => MathNet.Numerics.Distributions.Binomial.PMF(share, 100, events));
            Assert.InRange(covered, 0.95, 1.0000001);
        }
    }
}
