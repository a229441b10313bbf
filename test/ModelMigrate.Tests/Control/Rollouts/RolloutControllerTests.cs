using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Rollouts;

namespace ModelMigrate.Tests.Control.Rollouts;

public sealed class RolloutControllerTests
{
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task Tick_HealthyTarget_CompletesStepByStep()
    {
        await using var bench = await ControlBench.StartAsync();
        await bench.UntilAsync(() => bench.Phase == RolloutPhase.Completed, s_hour);
        var kinds = bench.Plane.Journal.Events(ControlBench.Id, 100).Reverse().Where(item => item.Kind != DecisionKind.Holding).Select(item => item.Kind);
        Assert.Equal(
            [DecisionKind.Started, DecisionKind.Advanced, DecisionKind.Advanced, DecisionKind.Promoting, DecisionKind.Watching, DecisionKind.Completed], kinds);
        Assert.Equal("new", bench.Feed.Current.Routes["chat"].Model.Id.Value);
        Assert.Equal("old", bench.Feed.Current.Routes["chat"].Fallback[0].Id.Value);
    }

    [Fact]
    public async Task Tick_FailingTarget_RollsBackAndJournalsTheEvidence()
    {
        await using var bench = await ControlBench.StartAsync();
        bench.TargetErrors = 0.3;
        await bench.UntilAsync(() => bench.Phase == RolloutPhase.RolledBack, s_hour);
        Assert.Equal(Arm.Source, bench.Send());
        Assert.Equal(0, bench.Feed.Current.Routes["chat"].Split!.WeightPpm);
        var decided = bench.Plane.Journal.Events(ControlBench.Id, 100).Single(item => item.Kind == DecisionKind.RollingBack);
        Assert.Equal("judge", decided.Actor);
        Assert.Equal("errors", decided.Gate);
        Assert.NotNull(decided.Alpha);
        Assert.True(decided.Evidence!.Value.GetProperty("target").GetProperty("failures").GetInt64() > 0);
    }

    [Fact]
    public async Task Tick_SourceDeadAfterRollback_FallbackServesAndAlertIsJournalled()
    {
        await using var bench = await ControlBench.StartAsync();
        bench.Probe = model => model == "old" ? "It refuses connections." : null;
        await bench.RunAsync(TimeSpan.FromSeconds(2));
        await bench.ActAsync(RolloutVerb.Rollback);
        await bench.UntilAsync(() => bench.Phase == RolloutPhase.Failed, s_hour);
        var events = bench.Plane.Journal.Events(ControlBench.Id, 100);
        Assert.Contains(events, item => item.Kind == "alert" && item.Reason.Contains("It refuses connections.", StringComparison.Ordinal));
        Assert.Equal("spare", bench.Feed.Current.Routes["chat"].Model.Id.Value);

        // The substitute is remembered, so that a restart does not send traffic to a dead source.
        await bench.ReopenAsync();
        Assert.Equal("spare", bench.Feed.Current.Routes["chat"].Model.Id.Value);
    }

    [Fact]
    public async Task Act_Rollback_NoTargetOnceAnswered()
    {
        await using var bench = await ControlBench.StartAsync();
        await bench.RunAsync(TimeSpan.FromSeconds(5));
        Assert.True(bench.OnTarget > 0);
        var answer = await bench.ActAsync(RolloutVerb.Rollback, "too slow");
        Assert.Null(answer.Refusal);
        var before = bench.OnTarget;
        await bench.RunAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(before, bench.OnTarget);
        Assert.Equal(RolloutPhase.RolledBack, bench.Phase);
        Assert.Contains(bench.Plane.Journal.Events(ControlBench.Id, 10), item => item is { Actor: "tester", Reason: "too slow" });
    }

    [Fact]
    public async Task Act_PauseAndResume_HoldsTheStep()
    {
        await using var bench = await ControlBench.StartAsync();
        await bench.RunAsync(TimeSpan.FromSeconds(5));
        await bench.ActAsync(RolloutVerb.Pause);
        await bench.RunAsync(TimeSpan.FromMinutes(5));
        Assert.Equal((RolloutPhase.Paused, 0, 100_000), (bench.Phase, bench.Reading.State.Step, bench.Reading.State.WeightPpm));
        await bench.ActAsync(RolloutVerb.Resume);
        await bench.UntilAsync(() => bench.Phase == RolloutPhase.Completed, s_hour);
    }

    [Theory]
    [InlineData(RolloutVerb.Approve, RolloutPhase.Completed)]
    [InlineData(RolloutVerb.Reject, RolloutPhase.RolledBack)]
    public async Task Act_AwaitingApproval_PersonDecides(RolloutVerb verb, RolloutPhase end)
    {
        var config = ControlBench.Config().Replace("[10%, 25%, 50%]", "[10%, { weight: 50%, approval: true }]", StringComparison.Ordinal);
        await using var bench = await ControlBench.StartAsync(config);
        await bench.UntilAsync(() => bench.Phase == RolloutPhase.AwaitingApproval, s_hour);
        await bench.RunAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(RolloutPhase.AwaitingApproval, bench.Phase);
        await bench.ActAsync(verb);
        await bench.UntilAsync(() => bench.Phase == end, s_hour);
    }

    [Fact]
    public async Task Act_Promote_WatchesAndCompletes()
    {
        await using var bench = await ControlBench.StartAsync();
        await bench.RunAsync(TimeSpan.FromSeconds(1));
        await bench.ActAsync(RolloutVerb.Promote);
        await bench.RunAsync(TimeSpan.FromSeconds(1));
        Assert.Equal((RolloutPhase.Watching, 990_000), (bench.Phase, bench.Reading.State.WeightPpm));
        await bench.UntilAsync(() => bench.Phase == RolloutPhase.Completed, s_hour);
    }

    [Fact]
    public async Task Act_RetryAfterRollback_NewAttemptWithTheFilesSpecification()
    {
        await using var bench = await ControlBench.StartAsync();
        await bench.ActAsync(RolloutVerb.Rollback);
        await bench.RunAsync(TimeSpan.FromSeconds(2));
        File.WriteAllText(bench.ConfigFile, ControlBench.Config().Replace("[10%, 25%, 50%]", "[20%, 50%]", StringComparison.Ordinal));
        await bench.RunAsync(TimeSpan.FromSeconds(5));
        var answer = await bench.ActAsync(RolloutVerb.Retry);
        Assert.Equal((2, 2, 200_000), (answer.Reading!.State.Attempt, answer.Reading.State.EvidenceEpoch, answer.Reading.State.WeightPpm));
        await bench.UntilAsync(() => bench.Phase == RolloutPhase.Completed, s_hour);
    }

    [Fact]
    public async Task Tick_TargetReportsAnotherVersion_EvidenceBeginsAnew()
    {
        await using var bench = await ControlBench.StartAsync();
        await bench.RunAsync(TimeSpan.FromSeconds(9));
        var blocks = bench.Reading.Evidence!.Blocks;
        bench.TargetVersion = "v2";
        await bench.UntilAsync(() => bench.Reading.State.EvidenceEpoch == 2, TimeSpan.FromMinutes(1));
        Assert.True(blocks > 0);
        await bench.RunAsync(TimeSpan.FromSeconds(1));
        Assert.True(bench.Reading.Evidence!.Blocks < blocks);
        var reset = bench.Plane.Journal.Events(ControlBench.Id, 10).Single(item => item.Kind == "evidence_reset");
        Assert.Contains("'v2'", reset.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tick_ExposureBudget_NeverExceededOverCrashes()
    {
        var config = ControlBench.Config("    exposureBudget: 50");
        await using var bench = await ControlBench.StartAsync(config);
        for (var life = 0; life < 3; life++)
        {
            await bench.RunAsync(TimeSpan.FromSeconds(2));
            await bench.CrashAsync();
            bench.Open();
        }

        await bench.RunAsync(TimeSpan.FromSeconds(30));
        Assert.InRange(bench.OnTarget, 20, 50);
        Assert.Equal(50, bench.Reading.State.ExposureSpent);
    }
}
