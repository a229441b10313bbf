using System.Diagnostics.Metrics;
using ModelMigrate.Control.Rollouts;
using ModelMigrate.Control.Storage.Sqlite;
using ModelMigrate.Core.Api;
using ModelMigrate.Core.Rollouts;

namespace ModelMigrate.Control;

/// <summary>The controller's own metrics, read when somebody collects them.</summary>
internal sealed class ControlMeter : IDisposable
{
    /// <summary>To be named where meters are collected.</summary>
    public const string Name = "ModelMigrate.Control";

    private readonly Meter _meter;
    private readonly RolloutController _controller;

    public ControlMeter(RolloutController controller, ControlLoop loop, Journal journal)
    {
        _controller = controller;
        // The scope tells the meters of several controllers in one process apart.
        _meter = new Meter(Name, version: null, tags: null, scope: controller);
        Gauge("migration_weight", "Share of the route that the target gets, 0 to 1.", item => item.State.WeightPpm / 1e6);
        Gauge("migration_exposure_spent", "Requests of the exposure budget journalled as spent.", item => item.State.ExposureSpent);
        Gauge("migration_exposure_budget", "Requests that may meet the unproven target.", item => item.Spec.ExposureBudget);
        Gauge("migration_evidence_blocks", "Evidence blocks folded.", item => item.Evidence?.Blocks);
        Gauge("migration_evidence_gap_seconds", "Seconds of admission whose evidence was lost with earlier processes.", item => item.GapSeconds);
        _meter.CreateObservableGauge("migration_phase", Phases, unit: null, "1 for the phase that the migration is in.");
        _meter.CreateObservableGauge("migration_harm_log10", () => Gates(gate => gate.HarmLog10), unit: null, "Evidence of harm, log10 of the e-value.");
        _meter.CreateObservableGauge(
            "migration_promote_log10", () => Gates(gate => gate.PromoteLog10), unit: null, "Evidence for promotion, log10 of the e-value.");
        _meter.CreateObservableGauge("migration_harm_missing_log10", () => Gates(gate => gate.HarmMissingLog10), unit: null, "Powers of ten until the gate finds the target worse.");
        _meter.CreateObservableGauge(
            "migration_promote_missing_log10", () => Gates(gate => gate.PromoteFinalMissingLog10), unit: null, "Powers of ten until the gate passes at the final margin.");
        _meter.CreateObservableGauge("migration_effect", () => Gates(gate => gate.Effect), unit: null, "Target against source: a difference of shares or scores, for cost a ratio.");
        _meter.CreateObservableGauge("migration_effect_low", () => Gates(gate => gate.EffectLow), unit: null, "Lower end of its 95 % confidence sequence.");
        _meter.CreateObservableGauge("migration_effect_high", () => Gates(gate => gate.EffectHigh), unit: null, "Upper end of its 95 % confidence sequence.");
        _meter.CreateObservableGauge("journal_bytes", () => journal.SizeBytes, "By", "Journal on disk, with its write-ahead log.");
        _meter.CreateObservableGauge("control_store_up", () => controller.Latest.StoreProblem is null ? 1 : 0, unit: null, "Whether the journal can be written.");
        _meter.CreateObservableGauge("control_tick_lag_seconds", () => loop.TickLag.TotalSeconds, "s", "Time since the control loop last looked.");
    }

    public void Dispose() => _meter.Dispose();

    private void Gauge(string name, string description, Func<RolloutReading, double?> value) =>
        _meter.CreateObservableGauge(
            name,
            () => from item in _controller.Latest.Rollouts
                  let measured = value(item)
                  where measured is not null
                  select new Measurement<double>(measured.Value, Tag(item)),
            unit: null,
            description);

    private IEnumerable<Measurement<int>> Phases() =>
        from item in _controller.Latest.Rollouts
        from phase in Enum.GetValues<RolloutPhase>()
        select new Measurement<int>(
            item.State.Phase == phase ? 1 : 0, Tag(item), new("phase", MigrationSummary.PhaseText(phase, item.State.Step).Split('(')[0]));

    private IEnumerable<Measurement<double>> Gates(Func<Core.Judging.GateEvidence, double?> value) =>
        from item in _controller.Latest.Rollouts
        where item.Evidence is not null
        from gate in item.Evidence!.Gates
        let measured = value(gate)
        where measured is not null
        select new Measurement<double>(measured.Value, Tag(item), new("gate", gate.Name));

    private static KeyValuePair<string, object?> Tag(RolloutReading item) => new("migration", item.Spec.Id.Value);
}
