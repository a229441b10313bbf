using ModelMigrate.Providers.Exchange.Attempts;

namespace ModelMigrate.Tests.Providers;

public sealed class BackoffTests
{
    private const int Draws = 2000;

    [Theory]
    [InlineData(0, 100)]
    [InlineData(1, 200)]
    [InlineData(2, 400)]
    [InlineData(5, 3200)]
    [InlineData(6, 5000)]
    [InlineData(60, 5000)]
    [InlineData(5000, 5000)]
    public void Next_ManyDraws_FillTheUpperHalfOfADoublingThatIsCapped(int retry, double full)
    {
        var backoff = new Backoff(7);

        var waits = Enumerable.Range(0, Draws).Select(_ => backoff.Next(retry).TotalMilliseconds / full).ToList();

        Assert.All(waits, wait => Assert.InRange(wait, 0.5, 1));

        // Uniform on [0.5, 1): mean 0.75, of 2000 draws within 0.02 of it but for six standard errors of 0.5 / sqrt(12 * 2000).
        Assert.InRange(waits.Average(), 0.73, 0.77);
        Assert.True(waits.Min() < 0.51 && waits.Max() > 0.99, "The jitter leaves a part of its band out.");
        Assert.True(waits.Distinct().Count() > Draws * 0.99, "Tries that fail together would come back together.");
    }

    [Fact]
    public void Next_SameSeed_SameWaitsAndAnotherSeedOthers()
    {
        Assert.Equal(Waits(7), Waits(7));
        Assert.Empty(Waits(7).Intersect(Waits(8)));
    }

    private static List<TimeSpan> Waits(ulong seed)
    {
        var backoff = new Backoff(seed);
        return [.. Enumerable.Range(0, 20).Select(retry => backoff.Next(retry % 5))];
    }
}
