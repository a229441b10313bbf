using System.Diagnostics.Metrics;
using ModelMigrate.Core.Rollouts;

namespace ModelMigrate.Tests.Control;

/// <summary>What the controller's instruments measure, against what the bench knows.</summary>
public sealed class ControlMeterTests
{
    [Fact]
    public async Task Collect_DuringACanary_WeightPhaseAndEvidenceAreThoseOfTheStatus()
    {
        await using var bench = await ControlBench.StartAsync(ControlBench.Config("    exposureBudget: 5000"));
        await bench.RunAsync(TimeSpan.FromSeconds(5));
        var seen = Collect(bench);
        Assert.Equal(0.1, seen["migration_weight migration=MIG-test"]);
        Assert.Equal(1, seen["migration_phase migration=MIG-test phase=running"]);
        Assert.Equal(0, seen["migration_phase migration=MIG-test phase=rolled_back"]);
        Assert.Equal(Enum.GetValues<RolloutPhase>().Length, seen.Keys.Count(key => key.StartsWith("migration_phase ", StringComparison.Ordinal)));
        Assert.Equal(bench.Reading.Evidence!.Blocks, seen["migration_evidence_blocks migration=MIG-test"]);
        Assert.Equal(0, seen["migration_evidence_gap_seconds migration=MIG-test"]);
        Assert.Equal(5000, seen["migration_exposure_budget migration=MIG-test"]);
        Assert.Equal(bench.Reading.State.ExposureSpent, seen["migration_exposure_spent migration=MIG-test"]);
        foreach (var gate in bench.Reading.Evidence.Gates)
        {
            Assert.Equal(gate.HarmLog10, seen[$"migration_harm_log10 migration=MIG-test gate={gate.Name}"]);
            Assert.Equal(gate.PromoteLog10, seen[$"migration_promote_log10 migration=MIG-test gate={gate.Name}"]);
        }

        await bench.ActAsync(RolloutVerb.Rollback);
        await bench.RunAsync(TimeSpan.FromSeconds(2));
        seen = Collect(bench);
        Assert.Equal(0, seen["migration_weight migration=MIG-test"]);
        Assert.Equal(1, seen["migration_phase migration=MIG-test phase=rolled_back"]);
    }

    [Fact]
    public async Task Collect_SickTarget_EvidenceOfHarmGrows()
    {
        await using var bench = await ControlBench.StartAsync();
        await bench.RunAsync(TimeSpan.FromSeconds(2));
        var before = Collect(bench)["migration_harm_log10 migration=MIG-test gate=errors"];
        bench.TargetErrors = 0.5;
        await bench.UntilAsync(() => bench.Phase != RolloutPhase.Running, TimeSpan.FromMinutes(1));
        Assert.True(Collect(bench)["migration_harm_log10 migration=MIG-test gate=errors"] > before + 1);
    }

    [Fact]
    public async Task Collect_JournalGrows_BytesAreTheFiles()
    {
        await using var bench = await ControlBench.StartAsync();
        var before = Collect(bench)["journal_bytes"];
        await bench.RunAsync(TimeSpan.FromSeconds(5));
        var data = new DirectoryInfo(Path.Combine(bench.Folder, "data"));
        Assert.True(before > 0);
        Assert.Equal(data.GetFiles("journal.db").Concat(data.GetFiles("journal.db-wal")).Sum(file => file.Length), Collect(bench)["journal_bytes"]);
        Assert.True(Collect(bench)["journal_bytes"] > before);
        Assert.Equal(1, Collect(bench)["control_store_up"]);
    }

    [Fact]
    public async Task Collect_LoopSilent_LagIsTheTimeSinceItLooked()
    {
        await using var bench = await ControlBench.StartAsync();
        await bench.RunAsync(TimeSpan.FromSeconds(1));
        Assert.InRange(Collect(bench)["control_tick_lag_seconds"], 0, 0.25);
        await bench.Plane.Loop.KillAsync();
        bench.Clock.Advance(TimeSpan.FromSeconds(42));
        Assert.InRange(Collect(bench)["control_tick_lag_seconds"], 42, 42.25);
    }

    // Every series of this bench's controller, keyed by name and labels.
    private static Dictionary<string, double> Collect(ControlBench bench)
    {
        var seen = new Dictionary<string, double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, bench.Plane.Controller))
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        void Keep<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
            where T : IConvertible
        {
            var key = instrument.Name;
            foreach (var (name, tag) in tags)
            {
                key += $" {name}={tag}";
            }

            seen.Add(key, value.ToDouble(null));
        }

        listener.SetMeasurementEventCallback<int>(Keep);
        listener.SetMeasurementEventCallback<long>(Keep);
        listener.SetMeasurementEventCallback<double>(Keep);
        listener.Start();
        listener.RecordObservableInstruments();
        return seen;
    }
}
