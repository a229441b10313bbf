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
