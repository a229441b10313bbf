using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Rollouts;

namespace ModelMigrate.Tests.Control.Rollouts;

/// <summary>A control loop that breaks, stumbles or hangs: the data plane takes the traffic off by itself, and the log says it once.</summary>
public sealed class LoopFaultTests
{
    [Fact]
    public async Task Loop_ExceptionThrownInIt_SourceServesAndOneLineSaysSo()
    {
        await using var bench = await ControlBench.StartAsync();
        await bench.RunAsync(TimeSpan.FromSeconds(5));
        await bench.Plane.Loop.KillAsync(new InvalidOperationException("injected"));
        Assert.False(bench.Plane.IsReady);
        bench.Clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Contains(Arm.Target, Send(bench));
        bench.Clock.Advance(TimeSpan.FromSeconds(3));
        Assert.All(Send(bench), arm => Assert.Equal(Arm.Source, arm));
        Assert.Contains("The control loop broke", Assert.Single(bench.Log, line => line.Contains(" fatal ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Null(await bench.Plane.Loop.AskAsync(() => "", CancellationToken.None));
    }

    [Fact]
    public async Task Tick_SomeFail_LoopGoesOnAndTheLogSaysItOnce()
    {
        await using var bench = await ControlBench.StartAsync();
        await bench.RunAsync(TimeSpan.FromSeconds(5));
        var failures = 0;
        bench.Plane.Loop.Fault = () =>
        {
            if (failures++ < 3)
            {
                throw new InvalidOperationException("injected");
            }
        };
        await bench.UntilAsync(() => bench.Phase == RolloutPhase.Completed, TimeSpan.FromHours(1));
        Assert.True(bench.Plane.IsReady);
        Assert.Single(bench.Log, line => line.Contains(" error ", StringComparison.Ordinal));
        Assert.Single(bench.Log, line => line.Contains("works again, after 3 failed looks", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Tick_FailsForever_LeaseRunsOutAndVerbsStillWork()
    {
        await using var bench = await ControlBench.StartAsync();
        bench.Plane.Loop.Fault = () => throw new InvalidOperationException("injected");
        await bench.RunAsync(TimeSpan.FromSeconds(32));
        Assert.All(Send(bench), arm => Assert.Equal(Arm.Source, arm));
        Assert.False(bench.Plane.IsReady);
        Assert.Null((await bench.ActAsync(RolloutVerb.Rollback)).Refusal);
        Assert.Single(bench.Log, line => line.Contains(" error ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Loop_Hangs_SourceServesAskersAreToldAndNothingIsDoneLater()
    {
        await using var bench = await ControlBench.StartAsync();
        await bench.RunAsync(TimeSpan.FromSeconds(5));
        using var hold = new ManualResetEventSlim();
        var hangs = new TaskCompletionSource();
        bench.Plane.Loop.Fault = () =>
        {
            hangs.TrySetResult();
            hold.Wait();
        };
        bench.Clock.Advance(TimeSpan.FromSeconds(1));
        await hangs.Task;
        var promoted = bench.Plane.Loop.AskAsync(() => bench.Plane.Controller.Act(ControlBench.Id, RolloutVerb.Promote, "tester", ""), CancellationToken.None);
        bench.Clock.Advance(TimeSpan.FromSeconds(28));
        Assert.Null(await promoted);
        Assert.Contains(Arm.Target, Send(bench));
        bench.Clock.Advance(TimeSpan.FromSeconds(4));
        Assert.All(Send(bench), arm => Assert.Equal(Arm.Source, arm));
        Assert.False(bench.Plane.IsReady);
        Assert.Contains("finished no look for 5 s", Assert.Single(bench.Log, line => line.Contains(" fatal ", StringComparison.Ordinal)), StringComparison.Ordinal);

        bench.Plane.Loop.Fault = null;
        hold.Set();
        await bench.SettleAsync();
        await bench.RunAsync(TimeSpan.FromSeconds(2), traffic: false);
        Assert.True(bench.Plane.IsReady);
        Assert.Contains(Arm.Target, Send(bench));
        Assert.Equal(RolloutPhase.Running, bench.Phase);
        Assert.DoesNotContain(bench.Plane.Journal.Events(ControlBench.Id, 100), item => item.Actor == "tester" && item.Kind != DecisionKind.Started);
        Assert.Single(bench.Log, line => line.Contains("works again", StringComparison.Ordinal));
    }

    private static List<Arm> Send(ControlBench bench) => [.. Enumerable.Range(0, 200).Select(_ => bench.Send())];
}
