using ModelMigrate.Control.Intake;
using ModelMigrate.Control.Rollouts.Probing;
using ModelMigrate.Control.Storage.Sqlite;
using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Rollouts;
using ModelMigrate.Core.Routing;

namespace ModelMigrate.Control.Rollouts;

/// <summary>One started migration as the rollout controller owns it; nobody else holds a reference.</summary>
internal sealed class RolloutEntry
{
    public required RolloutSpec Spec { get; set; }

    public required string SpecHash { get; set; }

    public required RolloutState State { get; set; }

    public required EvidenceLedger Ledger { get; set; }

    public Allowance? Allowance { get; set; }

    /// <summary>As the newest tick saw it.</summary>
    public Evidence? Evidence { get; set; }

    /// <summary>
    /// A decision that takes traffic off the target and that the journal could not take yet. It is in force all the same: being
    /// careful must not wait for a disk.
    /// </summary>
    public Decision? Unwritten { get; set; }

    /// <summary>Set while rolling back: whether the source serves, else which fallback does.</summary>
    public Task<IReadOnlyList<ProbeResult>>? Probe { get; set; }

    /// <summary>The newest tick's number.</summary>
    public long Tick { get; set; }

    /// <summary>Ticks that no transaction has kept yet.</summary>
    public List<JournalBatch.Tick> Ticks { get; } = [];

    /// <summary>The state that traffic follows.</summary>
    public RolloutState InForce => Unwritten?.Next ?? State;
}
