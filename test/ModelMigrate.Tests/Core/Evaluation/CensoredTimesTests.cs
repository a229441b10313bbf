using ModelMigrate.Core.Evaluation.Timing;

namespace ModelMigrate.Tests.Core.Evaluation;

public sealed class CensoredTimesTests
{
    [Fact]
    public void Percentile_OfFailures_IsAtLeastTheLimit()
    {
        var times = new CensoredTimes(60_000);
        foreach (var ms in Enumerable.Range(1, 97).Reverse())
        {
            times.Add(ms);
        }

        times.AddCensored();
        times.AddCensored();
        times.AddCensored();

        var (median, late) = (times.Percentile(0.5), times.Percentile(0.99));
        Assert.Equal((100, 3), (times.Count, times.Censored));
        Assert.Equal(new PercentileFigure { Share = 0.5, Ms = 50, LowMs = 40, HighMs = 61 }, median);
        Assert.Equal(new PercentileFigure { Share = 0.99, Ms = 60_000, IsAtLeast = true, LowMs = 97, HighMs = null }, late);
    }

    [Fact]
    public void Percentile_FailuresAdded_NeverFalls()
    {
        var draws = new Random(3);
        for (var round = 0; round < 200; round++)
        {
            var (without, with) = (new CensoredTimes(1000), new CensoredTimes(1000));
            for (var i = 0; i < draws.Next(1, 60); i++)
            {
                var ms = draws.NextDouble() * 1000;
                without.Add(ms);
                with.Add(ms);
            }

            for (var i = 0; i < draws.Next(1, 20); i++)
            {
                with.AddCensored();
            }

            foreach (var share in new[] { 0.01, 0.5, 0.9, 0.99 })
            {
                Assert.True(with.Percentile(share).Ms >= without.Percentile(share).Ms);
            }
        }
    }

    [Fact]
    public void Percentile_OfNothing_IsNothing() => Assert.Equal(new PercentileFigure { Share = 0.5 }, new CensoredTimes(1).Percentile(0.5));
}
