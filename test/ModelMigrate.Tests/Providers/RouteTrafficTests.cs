using ModelMigrate.Providers.Exchange;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Providers;

public sealed class RouteTrafficTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public void TryRescue_IdleSource_SmallestBurstAndNoMore()
    {
        var traffic = new RouteTraffic(_clock);
        Assert.Equal(20, Rescues(traffic));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, Rescues(traffic));
    }

    [Theory]
    [InlineData(10, 20)]
    [InlineData(200, 80)]
    [InlineData(1000, 400)]
    public void TryRescue_SteadySource_BurstIsTwoSecondsOfAFifth(int rate, int burst)
    {
        var traffic = new RouteTraffic(_clock);
        Serve(traffic, rate, seconds: 30);
        Assert.InRange(Rescues(traffic), burst * 0.97, burst * 1.03);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(200)]
    public void TryRescue_TargetFailsForAMinute_AFifthOfTheSourcesRate(int rate)
    {
        var traffic = new RouteTraffic(_clock);
        Serve(traffic, rate, seconds: 30);
        _ = Rescues(traffic);
        var rescued = 0;
        for (var second = 0; second < 60; second++)
        {
            Serve(traffic, rate, seconds: 1);
            rescued += Rescues(traffic);
        }

        Assert.InRange(rescued, (60 * rate * 0.2) - 1, (60 * rate * 0.2) + 1);
    }

    [Fact]
    public void TryRescue_SourceFellSilent_BurstShrinks()
    {
        var traffic = new RouteTraffic(_clock);
        Serve(traffic, 1000, seconds: 30);
        _clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(20, Rescues(traffic));
    }

    [Fact]
    public void TryRescue_SourceFull_NoneUntilAPlaceIsFree()
    {
        var traffic = new RouteTraffic(_clock);
        traffic.EnterSource();
        traffic.EnterSource();
        Assert.False(traffic.TryRescue(maxConcurrent: 2));
        traffic.LeaveSource();
        Assert.True(traffic.TryRescue(maxConcurrent: 2));
    }

    private void Serve(RouteTraffic traffic, int rate, int seconds)
    {
        for (var i = 0; i < rate * seconds; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1.0 / rate));
            traffic.OnSourceRequest();
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.2, 20)]
    public void TryRetry_NoTraffic_TheBurstAndNoMore(double ratio, int burst)
    {
        var traffic = new RouteTraffic(_clock);
        Assert.Equal(burst, Retries(traffic, ratio));
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, Retries(traffic, ratio));
    }

    [Theory]
    [InlineData(0.1, 100)]
    [InlineData(0.5, 500)]
    public void TryRetry_EveryRequestAsks_TheRatioOfThem(double ratio, int expected)
    {
        var traffic = new RouteTraffic(_clock);
        _ = Retries(traffic, ratio);
        var granted = 0;
        for (var i = 0; i < 1000; i++)
        {
            Assert.True(traffic.TryEnter(null, ratio));
            granted += traffic.TryRetry(ratio) ? 1 : 0;
            traffic.Leave();
        }

        Assert.InRange(granted, expected - 1, expected);
    }

    [Fact]
    public void TryEnter_ManyGoodRequests_SaveUpNoMoreThanTheBurst()
    {
        var traffic = new RouteTraffic(_clock);
        for (var i = 0; i < 10_000; i++)
        {
            Assert.True(traffic.TryEnter(null, 0.2));
            traffic.Leave();
        }

        Assert.Equal(20, Retries(traffic, 0.2));
    }

    private static int Retries(RouteTraffic traffic, double ratio)
    {
        var granted = 0;
        while (traffic.TryRetry(ratio))
        {
            granted++;
        }

        return granted;
    }

    private static int Rescues(RouteTraffic traffic)
    {
        var rescues = 0;
        while (traffic.TryRescue(maxConcurrent: null))
        {
            rescues++;
        }

        return rescues;
    }
}
