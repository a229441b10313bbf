using System.Text.Json;
using Microsoft.Extensions.Logging;
using ModelMigrate.Control.Intake;
using ModelMigrate.Control.Publishing;
using ModelMigrate.Control.Rollouts.Probing;
using ModelMigrate.Control.Storage.Sqlite;
using ModelMigrate.Core.Api;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Rollouts;
using ModelMigrate.Core.Routing;

namespace ModelMigrate.Control.Rollouts;

/// <summary>
/// Carries rollouts out: takes the evidence in, asks the decider, journals, publishes, acts. Owns every rollout's state. Not
/// thread-safe: <see cref="ControlLoop"/> calls it, one call at a time.
/// </summary>
internal sealed partial class RolloutController(
    Journal journal, SnapshotFeed feed, ObservationStream observations, ControlOptions options, TimeProvider time, ILogger<RolloutController> log)
{
    private static readonly TimeSpan s_commitEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_renewEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_purgeEvery = TimeSpan.FromHours(1);

    private readonly HybridExposure _hybrids = new(journal);
    private SnapshotPublisher? _publisher;
    private readonly ObservationIntake _intake = new(observations);
    private readonly StandInSearch _standIns = new(options.Probe, options.ProbeTimeout, time);
    private readonly SortedDictionary<string, RolloutEntry> _entries = new(StringComparer.Ordinal);
    private LoadedConfig _loaded = new(new());
    private DateTimeOffset _committed;
    private DateTimeOffset _renewed;
    private DateTimeOffset _purged;
    private string? _storeProblem;

    /// <summary>What everybody else may see; replaced whole after every tick and verb.</summary>
    public ControlReading Latest { get; private set => Volatile.Write(ref field, value); } = ControlReading.Empty;

    /// <summary>Ends when every probe under way has.</summary>
    public Task Probing => Task.WhenAll(_entries.Values.Select(entry => entry.Probe).OfType<Task>());

    /// <summary>One look at everything. Throws only on a bug; the lease is then not renewed.</summary>
    public void Tick()
    {
        var now = time.GetUtcNow();
        var changes = TakeIn(now);
        foreach (var entry in _entries.Values)
        {
            entry.Ledger.Fold(now);
            entry.Evidence = entry.Ledger.Evaluate(entry.Spec, entry.State, ExposureLeft(entry), now);
            if (entry.State.IsActive && !changes.Exists(change => change.Entry == entry) && Next(entry, now) is { } change)
            {
                changes.Add(change);
            }

            RecordTick(entry, now, decided: changes.Exists(item => item.Entry == entry));
        }

        if (changes.Count > 0 || now - _committed >= s_commitEvery)
        {
            TryCarryOut(changes, now);
        }

        GrantExposure(now);
        if (now - _purged >= s_purgeEvery)
        {
            Purge(now);
        }

        if (now - _renewed >= s_renewEvery)
        {
            feed.Renew();
            _renewed = now;
        }

        Show();
    }

    /// <summary>Takes in what waits and decides nothing: the next tick looks at it.</summary>
    public void Drain() => _intake.Drain(FindLedger);

    /// <summary>Takes in what is left and commits it: the last act before the process ends in order.</summary>
    public void Flush()
    {
        var now = time.GetUtcNow();
        var changes = TakeIn(now);
        foreach (var entry in _entries.Values)
        {
            entry.Ledger.Fold(now);
        }

        TryCarryOut(changes, now);
    }

    private List<RolloutChange> TakeIn(DateTimeOffset now)
    {
        var changes = new List<RolloutChange>();
        _intake.Drain(FindLedger);
        foreach (var (ledger, arm, version) in _intake.TakeChanged())
        {
            if (_entries.Values.FirstOrDefault(entry => entry.Ledger == ledger) is { State.IsActive: true } entry
                && !changes.Exists(change => change.Entry == entry))
            {
                var model = arm == Arm.Source ? entry.Spec.Source : entry.Spec.Target;
                changes.Add(ResetEvidence(entry, entry.Spec, $"The provider of {model} now reports version '{version}': evidence begins anew.", now));
            }
        }

        return changes;
    }

    private EvidenceLedger? FindLedger(MigrationId id) => _entries.GetValueOrDefault(id.Value)?.Ledger;

    private RolloutChange? Next(RolloutEntry entry, DateTimeOffset now)
    {
        var decision = entry switch
        {
            { Unwritten: { } unwritten } => unwritten,
            { State.Phase: RolloutPhase.Promoting } => RolloutTransitions.Promoted(entry.Spec, entry.State, now),
            { State.Phase: RolloutPhase.RollingBack } => ProbeSource(entry, now),
            _ => RolloutDecider.Decide(entry.Spec, entry.State, entry.Evidence!, now),
        };
        return decision is null ? null : Change(entry, entry.Spec, decision, now);
    }

    private Decision? ProbeSource(RolloutEntry entry, DateTimeOffset now)
    {
        if (entry.Probe is null)
        {
            var spec = entry.Spec;
            var fallbacks = _loaded.Config.FindRoute(spec.Route)?.Fallback.Where(id => id != spec.Source && id != spec.Target) ?? [];
            var candidates = fallbacks.Prepend(spec.Source).Select(id => (id, _loaded.Catalog.GetValueOrDefault(id))).ToList();
            entry.Probe = Task.Run(() => _standIns.FindAsync(candidates));
        }

        if (!entry.Probe.IsCompleted)
        {
            return null;
        }

#pragma warning disable VSTHRD002 // It is completed: this does not wait.
        var asked = entry.Probe.Result;
#pragma warning restore VSTHRD002
        if (asked[0].Problem is not { } problem)
        {
            return RolloutTransitions.RolledBack(entry.Spec, entry.State, now);
        }

        var standIn = asked[^1].Problem is null ? asked[^1].Model : (ModelId?)null;
        var failed = RolloutTransitions.Failed(
            entry.Spec,
            entry.State,
            $"{problem.TrimEnd('.')}. "
                + (asked.Count == 1 ? "The route has no fallback. " : $"Fallbacks asked in order: {string.Join(' ', asked.Skip(1))} ")
                + (standIn is null ? "Nothing serves instead; mend the source or give the route another fallback." : $"{standIn} serves instead."),
            now);
        return failed with { Next = failed.Next with { ServedBy = standIn } };
    }

    private static RolloutChange Change(RolloutEntry entry, RolloutSpec spec, Decision decision, DateTimeOffset now)
    {
        var events = new List<JournalEvent> { Event(entry, decision, now) };
        if (decision.Next.Phase == RolloutPhase.Failed)
        {
            events.Add(events[0] with { Kind = "alert", Gate = null, Evidence = null, OpenBlocks = null });
        }

        return new RolloutChange(entry, spec, decision.Next) { Decision = decision, Events = events };
    }

    private static RolloutChange ResetEvidence(RolloutEntry entry, RolloutSpec spec, string reason, DateTimeOffset now)
    {
        var next = entry.State with { EvidenceEpoch = entry.State.EvidenceEpoch + 1, TargetProven = false, Alerted = [], Reason = reason };
        var decision = new Decision { Kind = "evidence_reset", Next = next, Actor = "controller", Reason = reason };
        return Change(entry, spec, decision, now);
    }

    private static JournalEvent Event(RolloutEntry entry, Decision decision, DateTimeOffset now)
    {
        var (before, next, evidence) = (entry.State, decision.Next, entry.Evidence);
        return new JournalEvent
        {
            Migration = next.Id.Value,
            Attempt = next.Attempt,
            At = now,
            Actor = decision.Actor,
            Kind = decision.Kind,
            Reason = decision.Reason,
            Gate = decision.Gate,
            From = MigrationSummary.PhaseText(before.Phase, before.Step),
            To = MigrationSummary.PhaseText(next.Phase, next.Step),
            WeightPpm = next.WeightPpm,
            Alpha = evidence?.Gates.FirstOrDefault(gate => gate.Name == decision.Gate)?.HarmAlpha,
            Evidence = evidence is null ? null : JsonSerializer.Serialize(evidence, IntakeJson.Stored.Evidence),
            OpenBlocks = evidence is null ? null : entry.Ledger.OpenBlocks,
        };
    }

    /// <summary>Journals the changes with all evidence that is not committed yet, then puts them in force. False: nothing was written.</summary>
    private bool TryCarryOut(IReadOnlyList<RolloutChange> changes, DateTimeOffset now)
    {
        var batch = new JournalBatch();
        foreach (var change in changes)
        {
            batch.States.Add((change.Spec, change.Next));
            batch.Events.AddRange(change.Events);
            if (change.Chunk is { } chunk)
            {
                batch.Chunks.Add(chunk);
            }
        }

        var dirty = _entries.Values.Where(entry => entry.Ledger.IsDirty || entry.Ticks.Count > 0).ToList();
        foreach (var entry in dirty)
        {
            AddEvidence(batch, entry, now);
        }

        _committed = now;
        if (batch.IsEmpty)
        {
            return true;
        }

        if (!journal.TryCommit(batch, out var problem))
        {
            StoreFailed(problem, changes);
            return false;
        }

        if (_storeProblem is not null)
        {
            _storeProblem = null;
            LogStoreBack();
        }

        foreach (var entry in dirty)
        {
            entry.Ledger.Committed();
            entry.Ticks.Clear();
        }

        PutInForce(changes, now);
        return true;
    }

    private static void AddEvidence(JournalBatch batch, RolloutEntry entry, DateTimeOffset now)
    {
        var id = entry.Spec.Id.Value;
        foreach (var block in entry.Ledger.Uncommitted)
        {
            batch.Blocks.Add(new JournalBatch.Block(
                id, block.Key.Attempt, entry.Ledger.Epoch, block.Key.Sequence, JsonSerializer.Serialize(block, IntakeJson.Stored.Block)));
        }

        batch.Ticks.AddRange(entry.Ticks);
        batch.Checkpoints.Add(new JournalBatch.Checkpoint(
            id, entry.Ledger.Attempt, now, entry.Tick, JsonSerializer.Serialize(entry.Ledger.Checkpoint(), IntakeJson.Stored.EvidenceCheckpoint)));
    }

    private void PutInForce(IReadOnlyList<RolloutChange> changes, DateTimeOffset now)
    {
        foreach (var change in changes)
        {
            var entry = change.Entry;
            var before = entry.State;
            (entry.Spec, entry.State, entry.SpecHash) = (change.Spec, change.Next, JournalJson.Hash(change.Spec));
            _entries[change.Spec.Id.Value] = entry;
            if (change.Decision is not null)
            {
                entry.Unwritten = null;
                LogDecision(change.Spec.Id, change.Decision.Kind, change.Decision.Actor, change.Decision.Reason);
            }

            if (change.Next.Phase != before.Phase)
            {
                entry.Probe = null;
            }

            if (change.Next.Attempt != before.Attempt)
            {
                entry.Allowance = NewAllowance(change.Spec);
            }

            if (change.Next.Attempt != entry.Ledger.Attempt || change.Next.EvidenceEpoch != entry.Ledger.Epoch)
            {
                entry.Ledger = new EvidenceLedger(change.Spec, change.Next, journal.Incarnation, stored: null, now);
            }

            if (change.Chunk is { } chunk)
            {
                entry.Allowance?.Grant(chunk.Number, chunk.Size);
            }
        }

        if (changes.Any(change => change.MovesTraffic))
        {
            Publish(string.Join("; ", changes.Where(change => change.MovesTraffic).Select(change => $"{change.Spec.Id}: {change.Decision?.Kind}")));
        }
    }

    private void StoreFailed(string problem, IReadOnlyList<RolloutChange> changes)
    {
        if (_storeProblem is null)
        {
            LogStoreDown(problem);
        }

        _storeProblem = problem;
        var held = changes.Where(change => change is { IsProtective: true, Decision: not null } && change.Entry.Unwritten is null).ToList();
        foreach (var change in held)
        {
            change.Entry.Unwritten = change.Decision;
        }

        if (held.Count > 0)
        {
            Publish(string.Join("; ", held.Select(change => $"{change.Spec.Id}: {change.Decision!.Kind}, not journalled yet")));
        }
    }

    private void GrantExposure(DateTimeOffset now)
    {
        var grants = new List<RolloutChange>();
        foreach (var entry in _entries.Values)
        {
            var state = entry.State;
            if (entry is { Spec.ExposureBudget: { } budget, Allowance: { } allowance, Unwritten: null }
                && state is { IsActive: true, TargetProven: false, WeightPpm: > 0 }
                && ExposureChunks.IsDue(budget, state.ExposureSpent, allowance.Left))
            {
                var size = ExposureChunks.Next(budget, state.ExposureSpent);
                var chunk = new JournalBatch.Chunk(entry.Spec.Id.Value, state.Attempt, state.ExposureChunk + 1, size, now);
                grants.Add(new RolloutChange(
                    entry, entry.Spec, state with { ExposureSpent = state.ExposureSpent + size, ExposureChunk = chunk.Number }) { Chunk = chunk });
            }
        }

        if (grants.Count > 0)
        {
            TryCarryOut(grants, now);
        }

        if (_hybrids.Grant(_loaded.Config.Hybrids, now) is { } problem)
        {
            StoreFailed(problem, []);
        }
    }

    private static void RecordTick(RolloutEntry entry, DateTimeOffset now, bool decided)
    {
        // A tick that had nothing new to look at and decided nothing needs no replaying.
        if (decided || entry.Ledger.Uncommitted.Count > 0)
        {
            entry.Tick++;
            entry.Ticks.Add(new JournalBatch.Tick(entry.Spec.Id.Value, entry.Tick, now, entry.Evidence!.Blocks, entry.SpecHash));
        }
    }

    private void Publish(string cause) =>
        (_publisher ??= new SnapshotPublisher(feed, _hybrids, time)).Publish(
            _loaded,
            _entries.Values.Where(InForce).Select(entry => new PublishedRollout(entry.Spec, entry.InForce, entry.Allowance)),
            cause);

    // An ended rollout holds its route only until the file says something else: the file speaks last.
    private bool InForce(RolloutEntry entry) =>
        entry.State.IsActive
        || (_loaded.Config.FindMigration(entry.Spec.Id) is not null && _loaded.Config.FindRoute(entry.Spec.Route)?.Model == entry.Spec.Source);

    private void Purge(DateTimeOffset now)
    {
        var declared = _loaded.Config.Migrations.Select(migration => migration.Id.Value).ToHashSet(StringComparer.Ordinal);
        if (!journal.TryPurge(now - _loaded.Config.Retention, declared, out var more, out var problem))
        {
            LogStoreDown(problem);
        }

        // What is left is for the next tick.
        _purged = more ? _purged : now;
    }

    private static Allowance? NewAllowance(RolloutSpec spec) => spec.ExposureBudget is null ? null : new Allowance();

    // What the budget still has beyond the chunks that were granted, and what is left of those.
    private static long? ExposureLeft(RolloutEntry entry) =>
        entry.Spec.ExposureBudget is { } budget && !entry.State.TargetProven
            ? Math.Max(0, budget - entry.State.ExposureSpent) + (entry.Allowance?.Left ?? 0)
            : null;
}
