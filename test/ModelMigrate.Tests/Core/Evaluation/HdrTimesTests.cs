using ModelMigrate.Core.Evaluation.Timing;

namespace ModelMigrate.Tests.Core.Evaluation;

public sealed class HdrTimesTests
{
    /// <summary>From a microsecond to hours: never below the exact value, and at most 0.1 % and a microsecond above.</summary>
    [Fact]
    public void Percentile_AnyTimes_WithinAThousandthOfTheExactOne()
    {
        var draws = new Random(5);
        for (var round = 0; round < 50; round++)
        {
            var (hdr, exact) = (new HdrTimes(1), new CensoredTimes(1));
            var scale = Math.Pow(10, draws.Next(-3, 6));
            for (var i = 0; i < draws.Next(1, 3000); i++)
            {
                // Whole microseconds, so that both see the same.
                var ms = Math.Floor(-Math.Log(1 - draws.NextDouble()) * scale * 1000) / 1000;
                hdr.Add(ms);
                exact.Add(ms);
            }

            foreach (var share in new[] { 0.01, 0.5, 0.95, 0.99, 0.999, 1 })
            {
                var (read, truth) = (hdr.Percentile(share).Ms!.Value, exact.Percentile(share, hasInterval: false).Ms!.Value);
                Assert.InRange(read, truth - 0.0011, (truth * 1.001) + 0.0011);
            }
        }
    }

    [Fact]
    public void Percentile_OfFailures_IsAtLeastTheLimit()
    {
        var times = new HdrTimes(60_000);
        for (var i = 0; i < 96; i++)
        {
            times.Add(10);
        }

        for (var i = 0; i < 4; i++)
        {
            times.AddCensored();
        }

        Assert.Equal(new PercentileFigure { Share = 0.95, Ms = 10 }, times.Percentile(0.95));
        Assert.Equal(new PercentileFigure { Share = 0.99, Ms = 60_000, IsAtLeast = true }, times.Percentile(0.99));
        Assert.Equal((100, 4), (times.Count, times.Censored));
        Assert.Null(new HdrTimes(1).Percentile(0.5).Ms);
    }
}
