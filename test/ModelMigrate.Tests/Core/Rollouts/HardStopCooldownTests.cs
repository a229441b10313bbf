using System.Text.Json;
using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Judging.Health;
using ModelMigrate.Core.Rollouts;
using ModelMigrate.Tests.Scenarios;

namespace ModelMigrate.Tests.Core.Rollouts;

/// <summary>What fixed rules do to a rollout, and how long each is silent after it fired.</summary>
public sealed class HardStopCooldownTests
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly HardStopSpec s_errors = new() { Name = "errors5", Metric = HardStopMetric.ErrorRate, Threshold = 0.05 };
    private static readonly HardStopSpec s_slow = new() { Name = "slow", Metric = HardStopMetric.LatencyP99, Threshold = 2, Cooldown = TimeSpan.FromSeconds(60) };

    [Fact]
    public void Decide_RuleFires_RollsBackWithValueThresholdWindowAndSamples()
    {
        var decision = Decide(RegressionPolicy.Rollback, Running(), 0, Fired(s_errors, 0.062, 130))!;
        Assert.Equal(RolloutPhase.RollingBack, decision.Next.Phase);
        Assert.Equal("errors5", decision.Gate);
        Assert.Equal(
            "errors5: the hard stop fired: errors 6.2 pp above the source's, the rule stops more than 5 pp above the source's; 130 requests of the target in 300 s.",
            decision.Reason);
        Assert.Equal([new HardStopMark("errors5", s_start)], decision.Next.Fired);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(599, true)]
    [InlineData(600, false)]
    public void Decide_WithinTheCooldown_Silent(int seconds, bool silent)
    {
        var state = Running() with { Fired = [new HardStopMark("errors5", s_start)] };
        Assert.Equal(silent, Decide(RegressionPolicy.Rollback, state, seconds, Fired(s_errors, 0.1, 100)) is null);
    }

    [Fact]
    public void Decide_OneRuleCoolsDown_TheOtherStillFires()
    {
        var state = Running() with { Fired = [new HardStopMark("errors5", s_start)] };
        Assert.Equal("slow", Decide(RegressionPolicy.Rollback, state, 10, Fired(s_errors, 0.1, 100), Fired(s_slow, 3, 100))!.Gate);
    }

    [Fact]
    public void Decide_Alert_ComesAgainAfterTheCooldownAndNotBefore()
    {
        var state = Running();
        var alerts = new List<int>();
        for (var second = 0; second < 180; second += 10)
        {
            if (Decide(RegressionPolicy.Alert, state, second, Fired(s_slow, 3, 100)) is { Kind: DecisionKind.Alerted } decision)
            {
                alerts.Add(second);
                state = decision.Next;
            }
        }

        Assert.Equal([0, 60, 120], alerts);
        Assert.Equal("slow", Assert.Single(state.Fired).Name);
    }

    [Fact]
    public void Retry_KeepsTheCooldown()
    {
        var rolledBack = Decide(RegressionPolicy.Rollback, Running(), 0, Fired(s_errors, 0.1, 100))!.Next with { Phase = RolloutPhase.RolledBack };
        var retried = RolloutVerbs.Apply(Spec(RegressionPolicy.Rollback), rolledBack, RolloutVerb.Retry, "ann", "again", s_start.AddSeconds(30)).Decision!.Next;
        Assert.Equal(2, retried.Attempt);
        Assert.Null(Decide(RegressionPolicy.Rollback, retried with { Phase = RolloutPhase.Running }, 60, Fired(s_errors, 0.1, 100)));
    }

    [Fact]
    public void State_ThroughJson_KeepsWhenRulesFired()
    {
        var state = Running() with { Fired = [new HardStopMark("errors5", s_start)] };
        Assert.Equal(state.Fired, JsonSerializer.Deserialize<RolloutState>(JsonSerializer.Serialize(state))!.Fired);
    }

    private static Decision? Decide(RegressionPolicy policy, RolloutState state, int seconds, params HardStopEvidence[] fired)
    {
        var spec = Spec(policy);
        var evidence = new Judge(RolloutJudging.SpecFor(spec, state)).Evaluate([], 1, s_start) with { HardStops = fired };
        return RolloutDecider.Decide(spec, state, evidence, s_start.AddSeconds(seconds));
    }

    private static RolloutSpec Spec(RegressionPolicy policy) => Specs.Ramp(1) with { OnRegression = policy, HardStops = [s_errors, s_slow] };

    private static RolloutState Running() =>
        new() { Id = Specs.Ramp(1).Id, Phase = RolloutPhase.Running, WeightPpm = 50_000, Since = s_start, StepSince = s_start };

    private static HardStopEvidence Fired(HardStopSpec stop, double value, long samples) => new(stop.Name, stop.Metric, value, stop.Threshold, samples)
    {
        WindowSeconds = stop.Window.TotalSeconds, RelativeToSource = stop.RelativeToSource,
    };
}
