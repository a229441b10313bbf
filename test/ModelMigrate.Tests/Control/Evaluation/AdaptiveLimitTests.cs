using ModelMigrate.Control.Evaluation.Asking;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Control.Evaluation;

public sealed class AdaptiveLimitTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public async Task Throttled_ManyCallsOfOneRound_HalvesOnce()
    {
        var limit = new AdaptiveLimit(8, _clock);
        var entered = new List<long>();
        for (var i = 0; i < 8; i++)
        {
            entered.Add(await limit.EnterAsync(default));
        }

        foreach (var one in entered)
        {
            limit.Throttled(one, TimeSpan.Zero);
            limit.Leave();
        }

        Assert.Equal(4, limit.Current);
        limit.Throttled(await limit.EnterAsync(default), TimeSpan.Zero);
        Assert.Equal(2, limit.Current);
    }

    [Fact]
    public async Task Succeeded_EachRound_GrowsByOneUpToTheMost()
    {
        var limit = new AdaptiveLimit(4, _clock);
        limit.Throttled(await limit.EnterAsync(default), TimeSpan.Zero);
        limit.Leave();
        Assert.Equal(2, limit.Current);
        var needed = 0;
        for (; limit.Current < 4; needed++)
        {
            limit.Succeeded();
        }

        // Two to three, and three to four.
        Assert.InRange(needed, 5, 7);
        limit.Succeeded();
        limit.Succeeded();
        Assert.Equal(4, limit.Current);
    }

    [Fact]
    public async Task Enter_WhileTheProviderAsksToWait_WaitsThatLong()
    {
        var limit = new AdaptiveLimit(4, _clock);
        limit.Throttled(await limit.EnterAsync(default), TimeSpan.FromSeconds(7));
        limit.Leave();
        var next = limit.EnterAsync(default).AsTask();
        _clock.Advance(TimeSpan.FromSeconds(6.9));
        Assert.False(next.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        await next.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Enter_MoreThanTheLimit_WaitsForAPlace()
    {
        var limit = new AdaptiveLimit(2, _clock);
        await limit.EnterAsync(default);
        await limit.EnterAsync(default);
        var third = limit.EnterAsync(default).AsTask();
        Assert.False(third.IsCompleted);
        limit.Leave();
        await third.WaitAsync(TimeSpan.FromSeconds(10));
    }
}
