using Microsoft.Data.Sqlite;
using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Rollouts;

namespace ModelMigrate.Tests.Control.Rollouts;

/// <summary>What happens when a part of the controller is gone: the loop, the store, the process.</summary>
public sealed class SafetyTests
{
    [Fact]
    public async Task Loop_Killed_SourceServesAfterControlTimeout()
    {
        await using var bench = await ControlBench.StartAsync();
        await bench.RunAsync(TimeSpan.FromSeconds(5));
        await bench.Plane.Loop.KillAsync();
        bench.Clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Contains(Arm.Target, Enumerable.Range(0, 200).Select(_ => bench.Send()));
        bench.Clock.Advance(TimeSpan.FromSeconds(3));
        Assert.All(Enumerable.Range(0, 200), _ => Assert.Equal(Arm.Source, bench.Send()));
    }

    [Fact]
    public async Task Tick_StoreDown_NoStepForwardAndLeaseGoesOn()
    {
        await using var bench = await ControlBench.StartAsync();
        await bench.RunAsync(TimeSpan.FromSeconds(5));
        Break(bench, "events", "checkpoints");
        await bench.RunAsync(TimeSpan.FromMinutes(3));
        Assert.Equal((0, 100_000), (bench.Reading.State.Step, bench.Reading.State.WeightPpm));
        Assert.True(bench.Feed.IsControlAlive);
        Assert.NotNull(bench.Plane.Controller.Latest.StoreProblem);
        Assert.Contains(Arm.Target, Enumerable.Range(0, 200).Select(_ => bench.Send()));

        Mend(bench, "events", "checkpoints");
        await bench.UntilAsync(() => bench.Phase == RolloutPhase.Completed, TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task Tick_StoreDownAndTargetSick_TrafficLeavesTheTargetAllTheSame()
    {
        await using var bench = await ControlBench.StartAsync();
        await bench.RunAsync(TimeSpan.FromSeconds(5));
        Break(bench, "events", "checkpoints");
        bench.TargetErrors = 0.5;
        await bench.RunAsync(TimeSpan.FromMinutes(1));
        Assert.All(Enumerable.Range(0, 200), _ => Assert.Equal(Arm.Source, bench.Send()));
        Mend(bench, "events", "checkpoints");
        await bench.UntilAsync(() => bench.Phase == RolloutPhase.RolledBack, TimeSpan.FromMinutes(1));
        Assert.Contains(bench.Plane.Journal.Events(ControlBench.Id, 10), item => item.Kind == DecisionKind.RollingBack);
    }

    [Fact]
    public async Task Act_StoreDown_RefusedWith503()
    {
        await using var bench = await ControlBench.StartAsync();
        Break(bench, "events");
        var answer = await bench.ActAsync(RolloutVerb.Promote);
        Assert.Equal((503, "store_down"), (answer.Refusal!.Status, answer.Refusal.Code));
        Assert.Equal(100_000, bench.Feed.Current.Routes["chat"].Split!.WeightPpm);
        Mend(bench, "events");
    }

    [Fact]
    public async Task Open_AfterCrash_SameStepAndCommittedEvidence()
    {
        await using var bench = await ControlBench.StartAsync();
        await bench.RunAsync(TimeSpan.FromSeconds(40));
        var before = bench.Reading;
        await bench.CrashAsync();
        bench.Clock.Advance(TimeSpan.FromSeconds(20));
        bench.Open();
        var after = bench.Reading;
        Assert.Equal((before.State.Phase, before.State.Step, before.State.WeightPpm), (after.State.Phase, after.State.Step, after.State.WeightPpm));
        Assert.InRange(after.Evidence!.Blocks, before.Evidence!.Blocks - 2, before.Evidence.Blocks);
        Assert.InRange(after.GapSeconds, 20, 25);
        await bench.UntilAsync(() => bench.Phase == RolloutPhase.Completed, TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task Open_AfterOrderlyRestartInAQuietSecond_SameVerdictsAsWithoutRestart()
    {
        await using var straight = await ControlBench.StartAsync();
        await using var restarted = await ControlBench.StartAsync();
        foreach (var bench in new[] { straight, restarted })
        {
            await bench.RunAsync(TimeSpan.FromSeconds(8));
            await bench.RunAsync(TimeSpan.FromSeconds(3), traffic: false);
        }

        await restarted.ReopenAsync();
        foreach (var bench in new[] { straight, restarted })
        {
            await bench.RunAsync(TimeSpan.FromSeconds(30));
        }

        var (one, two) = (straight.Reading, restarted.Reading);
        Assert.Equal(one.State.Step, two.State.Step);
        Assert.True(one.State.Step > 0);
        // Scores are rounded by the request's ticket, and a new process gives new ones: what is paired is alike, not the same.
        var (before, after) = (one.Evidence!.Gates.Where(gate => !MetricTraits.IsPaired(gate.Metric)), two.Evidence!.Gates.Where(gate => !MetricTraits.IsPaired(gate.Metric)));
        Assert.Equal(before.Select(gate => gate.PromoteLog10), after.Select(gate => gate.PromoteLog10));
        Assert.Equal(before.Select(gate => gate.HarmLog10), after.Select(gate => gate.HarmLog10));
        Assert.Equal(one.Evidence.Gates.Select(gate => gate.FinalVerdict), two.Evidence.Gates.Select(gate => gate.FinalVerdict));
    }

    private static void Break(ControlBench bench, params string[] tables) => Rename(bench, tables, table => $"ALTER TABLE {table} RENAME TO {table}_gone");

    private static void Mend(ControlBench bench, params string[] tables) => Rename(bench, tables, table => $"ALTER TABLE {table}_gone RENAME TO {table}");

    private static void Rename(ControlBench bench, string[] tables, Func<string, string> sql)
    {
        using var other = new SqliteConnection($"Data Source={Path.Combine(bench.Folder, "data", "journal.db")};Pooling=False");
        other.Open();
        foreach (var table in tables)
        {
            using var command = other.CreateCommand();
#pragma warning disable CA2100 // A table's name out of this file.
            command.CommandText = sql(table);
#pragma warning restore CA2100
            command.ExecuteNonQuery();
        }
    }
}
