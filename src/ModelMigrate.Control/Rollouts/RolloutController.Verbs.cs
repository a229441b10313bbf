using Microsoft.AspNetCore.Http;
using ModelMigrate.Control.Api;
using ModelMigrate.Control.Intake;
using ModelMigrate.Control.Storage.Sqlite;
using ModelMigrate.Core.Api;
using ModelMigrate.Core.Configuration;
using ModelMigrate.Core.Configuration.Compiling;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Rollouts;

namespace ModelMigrate.Control.Rollouts;

internal sealed partial class RolloutController
{
    /// <summary>Does what an operator asks. When it answers without refusal the decision is durable and in force.</summary>
    public VerbAnswer Act(string id, RolloutVerb verb, string actor, string reason)
    {
        var now = time.GetUtcNow();
        var entry = _entries.GetValueOrDefault(id);
        var declared = _loaded.Config.FindMigration(new MigrationId(id));
        if (entry is null && declared is null)
        {
            return new VerbAnswer(null, Refusal.UnknownMigration(id));
        }

        var takesFile = verb is RolloutVerb.Start or RolloutVerb.Retry;
        if (takesFile && declared is null)
        {
            return Refuse(StatusCodes.Status409Conflict, "not_declared", $"{id} is not in the configuration any more. Declare it again first.");
        }

        var spec = takesFile || entry is null ? SpecOf(declared!) : entry.Spec;
        var state = entry?.State ?? new RolloutState { Id = spec.Id };
        var result = RolloutVerbs.Apply(spec, state, verb, actor, reason, now);
        if (result.Refusal is { } refusal)
        {
            return Refuse(StatusCodes.Status409Conflict, "verb_not_allowed", refusal);
        }

        if (result.Decision is not { } decision)
        {
            return Answer(id);
        }

        if (decision.Next.IsActive && !state.IsActive && Occupied(spec) is { } occupied)
        {
            return Refuse(StatusCodes.Status409Conflict, "route_occupied", occupied);
        }

        entry ??= NewEntry(spec, state, now);
        if (entry.Unwritten is not null && !TryCarryOut([Change(entry, spec, entry.Unwritten, now)], now))
        {
            return StoreDown();
        }

        if (decision.Next.Attempt != state.Attempt)
        {
            decision = decision with { Next = decision.Next with { ServedBy = null } };
        }

        if (!TryCarryOut([Change(entry, spec, decision, now)], now))
        {
            return StoreDown();
        }

        GrantExposure(now);
        return Answer(id);
    }

    private VerbAnswer Answer(string id)
    {
        Show();
        return new VerbAnswer(Latest.Find(id), null);
    }

    private VerbAnswer StoreDown()
    {
        Show();
        return Refuse(
            StatusCodes.Status503ServiceUnavailable,
            "store_down",
            $"The decision could not be journalled: {_storeProblem} A rollback is in force all the same and is journalled as soon as possible; "
                + "anything else was not done. Mend the store, then ask again.");
    }

    private static VerbAnswer Refuse(int status, string code, string detail) => new(null, new Refusal(status, code, detail));

    private RolloutSpec SpecOf(MigrationConfig migration) => RolloutSpecFactory.Create(migration, _loaded.Config, _loaded.Catalog);

    private RolloutEntry NewEntry(RolloutSpec spec, RolloutState state, DateTimeOffset now) => new()
    {
        Spec = spec,
        SpecHash = JournalJson.Hash(spec),
        State = state,
        Ledger = new EvidenceLedger(spec, state, journal.Incarnation, stored: null, now),
        Allowance = NewAllowance(spec),
    };

    /// <summary>Why another migration keeps this one from its route, or null.</summary>
    private string? Occupied(RolloutSpec spec)
    {
        foreach (var other in _entries.Values.Where(item => item.Spec.Route == spec.Route && item.Spec.Id != spec.Id))
        {
            if (other.State.IsActive)
            {
                return $"Route {spec.Route} is held by {other.Spec.Id} ({MigrationSummary.PhaseText(other.State.Phase, other.State.Step)}). "
                    + $"Finish it or roll it back first: model-migrate rollback --migration-id {other.Spec.Id}";
            }

            if (other.State.Phase == RolloutPhase.Completed && InForce(other) && other.Spec.Target != spec.Source)
            {
                return $"Route {spec.Route} is served by {other.Spec.Target} since {other.Spec.Id} completed, but the file still says {spec.Source}. "
                    + $"Make the file say what is true first: model-migrate migrations finalize {other.Spec.Id}";
            }
        }

        return null;
    }
}
