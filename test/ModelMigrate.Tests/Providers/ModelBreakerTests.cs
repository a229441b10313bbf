using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Observing;
using ModelMigrate.Providers.Exchange.Breakers;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Providers;

public sealed class ModelBreakerTests
{
    private static readonly BreakerLimits s_limits = new() { Failures = 3, OpenFor = TimeSpan.FromSeconds(5), Longest = TimeSpan.FromSeconds(15), Probes = 2 };

    private readonly ManualClock _clock = new();
    private readonly ModelBreaker _breaker;

    public ModelBreakerTests() => _breaker = new ModelBreaker(_clock);

    [Fact]
    public void OnEnd_FailuresInARow_OpensAtTheThreshold()
    {
        Call(Outcome.Error);
        Call(Outcome.Throttled);
        Assert.Equal(BreakerState.Closed, _breaker.State);

        Call(Outcome.Timeout);

        Assert.Equal(BreakerState.Open, _breaker.State);
        Assert.False(_breaker.WouldPass(s_limits));
        Assert.False(_breaker.TryPass(s_limits, out _));
    }

    [Theory]
    [InlineData(Outcome.Ok)]
    [InlineData(Outcome.ClientError)]
    public void OnEnd_AnAnswerBetweenFailures_BeginsTheRowAnew(Outcome alive)
    {
        for (var i = 0; i < 10; i++)
        {
            Call(Outcome.Error);
            Call(Outcome.Error);
            Call(alive);
        }

        Assert.Equal(BreakerState.Closed, _breaker.State);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(Outcome.Canceled)]
    public void OnEnd_SaysNothingOfTheModel_ChangesNothing(Outcome? nothing)
    {
        Call(Outcome.Error);
        Call(Outcome.Error);
        Call(nothing);
        Assert.Equal(BreakerState.Closed, _breaker.State);
        Call(Outcome.Error);
        Assert.Equal(BreakerState.Open, _breaker.State);
    }

    [Fact]
    public void TryPass_AfterItsTime_SoManyProbesAtOnce()
    {
        Open();
        _clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(BreakerState.HalfOpen, _breaker.State);
        Assert.True(_breaker.TryPass(s_limits, out var first));
        Assert.True(_breaker.TryPass(s_limits, out _));
        Assert.Equal(BreakerPass.Probe, first);
        Assert.False(_breaker.WouldPass(s_limits));
        Assert.False(_breaker.TryPass(s_limits, out _));

        // A probe whose client left frees its place and decides nothing.
        _breaker.OnEnd(first, Outcome.Canceled, s_limits);
        Assert.Equal(BreakerState.HalfOpen, _breaker.State);
        Assert.True(_breaker.TryPass(s_limits, out _));
    }

    [Fact]
    public void Probe_Succeeds_ClosesAndForgets()
    {
        Open();
        _clock.Advance(TimeSpan.FromSeconds(5));

        Call(Outcome.Ok);

        Assert.Equal(BreakerState.Closed, _breaker.State);
        Call(Outcome.Error);
        Call(Outcome.Error);
        Assert.Equal(BreakerState.Closed, _breaker.State);
    }

    [Fact]
    public void Probe_Fails_OpenTwiceAsLongUpToTheLongest()
    {
        Open();
        foreach (var seconds in new[] { 5, 10, 15, 15 })
        {
            _clock.Advance(TimeSpan.FromSeconds(seconds - 0.1));
            Assert.Equal((seconds, BreakerState.Open), (seconds, _breaker.State));
            _clock.Advance(TimeSpan.FromSeconds(0.1));
            Call(Outcome.Error);
            Assert.Equal((seconds, BreakerState.Open), (seconds, _breaker.State));
        }

        // Once closed, the next outage begins with the short time again.
        _clock.Advance(TimeSpan.FromSeconds(15));
        Call(Outcome.Ok);
        Open();
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(BreakerState.HalfOpen, _breaker.State);
    }

    [Fact]
    public void OnEnd_CallFromBeforeTheOutage_NeitherClosesNorProlongs()
    {
        Assert.True(_breaker.TryPass(s_limits, out var slow));
        Assert.True(_breaker.TryPass(s_limits, out var late));
        Open();

        _breaker.OnEnd(slow, Outcome.Ok, s_limits);
        Assert.Equal(BreakerState.Open, _breaker.State);
        _clock.Advance(TimeSpan.FromSeconds(4));
        _breaker.OnEnd(late, Outcome.Error, s_limits);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(BreakerState.HalfOpen, _breaker.State);
    }

    [Fact]
    public void Forced_Succeeds_Closes()
    {
        Open();
        _breaker.OnEnd(BreakerPass.Forced, Outcome.Error, s_limits);
        Assert.Equal(BreakerState.Open, _breaker.State);
        _breaker.OnEnd(BreakerPass.Forced, Outcome.Ok, s_limits);
        Assert.Equal(BreakerState.Closed, _breaker.State);
    }

    [Fact]
    public void Disabled_NeverOpensAndLetsAllPass()
    {
        var off = s_limits with { Enabled = false };
        Open();
        Assert.True(_breaker.WouldPass(off));
        Assert.True(_breaker.TryPass(off, out var pass));
        Assert.Equal(BreakerPass.Free, pass);

        var fresh = new ModelBreaker(_clock);
        for (var i = 0; i < 100; i++)
        {
            fresh.OnEnd(BreakerPass.Free, Outcome.Error, off);
        }

        Assert.Equal(BreakerState.Closed, fresh.State);
    }

    private void Open()
    {
        for (var i = 0; i < s_limits.Failures; i++)
        {
            Call(Outcome.Error);
        }

        Assert.Equal(BreakerState.Open, _breaker.State);
    }

    private void Call(Outcome? outcome)
    {
        Assert.True(_breaker.TryPass(s_limits, out var pass));
        _breaker.OnEnd(pass, outcome, s_limits);
    }
}
