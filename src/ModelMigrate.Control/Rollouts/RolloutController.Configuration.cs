using System.Text.Json;
using ModelMigrate.Control.Intake;
using ModelMigrate.Control.Publishing;
using ModelMigrate.Control.Storage.Sqlite;
using ModelMigrate.Core.Api;
using ModelMigrate.Core.Configuration;
using ModelMigrate.Core.Configuration.Changes;
using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Rollouts;

namespace ModelMigrate.Control.Rollouts;

internal sealed partial class RolloutController
{
    private IReadOnlyList<string> _configurationProblems = [];
    private bool _journalWasEmpty;

    /// <summary>
    /// Resumes every rollout at its step with the evidence last committed and publishes the first snapshot. Answers what makes
    /// that impossible; nothing was published then.
    /// </summary>
    public IReadOnlyList<string> Start(ConfigResult read)
    {
        if (read.Config is not { } config)
        {
            return [.. read.Errors.Select(error => error.ToString())];
        }

        var now = time.GetUtcNow();
        var stored = journal.Load();
        _journalWasEmpty = stored.Count == 0;
        foreach (var item in stored)
        {
            _entries[item.Spec.Id.Value] = Resume(item, now);
        }

        var loaded = new LoadedConfig(config);
        // A running rollout that the file no longer declares goes on, and is listed; without its models it cannot.
        var missing = _entries.Values.Where(entry => entry.State.IsActive).SelectMany(entry => Missing(entry.Spec, loaded)).ToList();
        if (missing.Count > 0)
        {
            return missing;
        }

        TakeOver(loaded, read, "start", now);
        return [];
    }

    /// <summary>Takes the file over whole, or keeps the last good one and says in the status and the log why.</summary>
    public void Reload(ConfigResult read)
    {
        var now = time.GetUtcNow();
        var problems = read.Errors.Select(error => error.ToString()).ToList();
        if (read.Config is { } config)
        {
            var loaded = new LoadedConfig(config);
            foreach (var entry in _entries.Values.Where(entry => entry.State.IsActive))
            {
                var phase = MigrationSummary.PhaseText(entry.State.Phase, entry.State.Step);
                if (config.FindMigration(entry.Spec.Id) is null)
                {
                    problems.Add($"{entry.Spec.Id} is {phase} and the file no longer declares it. Put it back, or end it first: "
                        + $"model-migrate rollback --migration-id {entry.Spec.Id}");
                }

                problems.AddRange(Missing(entry.Spec, loaded));
            }

            if (problems.Count == 0)
            {
                TakeOver(loaded, read, "configuration", now);
                LogReloaded(feed.Current.Revision);
                Show();
                return;
            }
        }

        _configurationProblems = problems;
        foreach (var problem in problems)
        {
            LogRefusedConfiguration(problem);
        }

        Show();
    }

    private void TakeOver(LoadedConfig loaded, ConfigResult read, string cause, DateTimeOffset now)
    {
        _loaded = loaded;
        _configurationProblems = [];
        foreach (var warning in read.Warnings)
        {
            LogConfigurationWarning(warning.ToString());
        }

        Publish(cause);
        var changes = _entries.Values.Where(entry => entry.State.IsActive && Fingerprint(entry.Spec) != entry.Spec.Fingerprint)
            .Select(entry => ResetEvidence(
                entry,
                entry.Spec with { Fingerprint = Fingerprint(entry.Spec) },
                "The configuration of an arm's model or provider changed: evidence begins anew.",
                now))
            .ToList();
        if (changes.Count > 0)
        {
            TryCarryOut(changes, now);
        }

        foreach (var migration in loaded.Config.Migrations.Where(item => item.Start == MigrationStart.Auto && !_entries.ContainsKey(item.Id.Value)))
        {
            if (Act(migration.Id.Value, RolloutVerb.Start, "controller", "start: auto in the configuration").Refusal is { } refusal)
            {
                LogConfigurationWarning($"{migration.Id} was not started: {refusal.Detail}");
            }
        }

        GrantExposure(now);
        foreach (var disagreement in Disagreements())
        {
            LogDisagreement(disagreement);
        }

        Show();
    }

    private RolloutEntry Resume(StoredMigration stored, DateTimeOffset now)
    {
        var checkpoint = stored.Checkpoint is { } kept
            ? JsonSerializer.Deserialize(kept.Json, IntakeJson.Stored.EvidenceCheckpoint)
            : null;
        var entry = new RolloutEntry
        {
            Spec = stored.Spec,
            SpecHash = stored.SpecHash,
            State = stored.State,
            Ledger = new EvidenceLedger(stored.Spec, stored.State, journal.Incarnation, checkpoint, now),
            Allowance = NewAllowance(stored.Spec),
            Tick = stored.Checkpoint?.Tick ?? 0,
        };
        entry.Evidence = entry.Ledger.Evaluate(entry.Spec, entry.State, ExposureLeft(entry), now);
        return entry;
    }

    private static IEnumerable<string> Missing(RolloutSpec spec, LoadedConfig loaded)
    {
        if (loaded.Config.FindRoute(spec.Route) is null)
        {
            yield return $"{spec.Id} is under way on route {spec.Route}, which the file no longer has. Put the route back, or end the migration first.";
        }

        foreach (var model in new[] { spec.Source, spec.Target }.Where(model => !loaded.Catalog.ContainsKey(model)))
        {
            yield return $"{spec.Id} is under way with model {model}, which the file no longer has. Put the model back, or end the migration first.";
        }
    }

    private string Fingerprint(RolloutSpec spec) => $"{_loaded.Catalog[spec.Source].Fingerprint}-{_loaded.Catalog[spec.Target].Fingerprint}";

    /// <summary>Where file and journal say different things, one sentence each with what is served meanwhile.</summary>
    private List<string> Disagreements()
    {
        var config = _loaded.Config;
        var found = new List<string>();
        foreach (var migration in config.Migrations.Where(item => !_entries.ContainsKey(item.Id.Value)))
        {
            if (_journalWasEmpty)
            {
                found.Add($"The journal was empty, and {migration.Id} is declared: route {migration.Route} serves its source "
                    + $"{config.FindRoute(migration.Route)?.Model} until the migration is started. Start it with: model-migrate migrations start {migration.Id}, "
                    + "or, when it was under way before, bring back the data directory that it was under way with.");
            }
        }

        foreach (var entry in _entries.Values)
        {
            var spec = entry.Spec;
            var route = config.FindRoute(spec.Route);
            if (entry.State.IsActive)
            {
                if (config.FindMigration(spec.Id) is not { } declared)
                {
                    found.Add($"{spec.Id} is under way and the file does not declare it. It goes on as it was started.");
                }
                else if (route is not null && route.Model != spec.Source)
                {
                    found.Add($"{spec.Id} moves {spec.Route} away from {spec.Source}, and the file says that the route is served by {route.Model}. "
                        + "The migration goes on from its own source.");
                }
                else if (Pending(entry) is { Count: > 0 } pending)
                {
                    found.AddRange(pending.Select(change => $"{declared.Id} runs with the specification that it was started with: {change}"));
                }
            }
            else if (entry.State.Phase == RolloutPhase.Completed && InForce(entry))
            {
                found.Add($"{spec.Id} is completed: route {spec.Route} is served by {spec.Target}, and the file still says {spec.Source}. "
                    + $"See what to write with: model-migrate migrations finalize {spec.Id}");
            }
        }

        return found;
    }

    private IReadOnlyList<string> Pending(RolloutEntry entry) =>
        entry.State.IsActive && _loaded.Config.FindMigration(entry.Spec.Id) is { } declared 
            // A changed fingerprint is no pending change: it takes effect at once, with new evidence.
            ? ConfigDiff.Compare(entry.Spec, SpecOf(declared) with { Fingerprint = entry.Spec.Fingerprint })
            : [];

    /// <summary>Replaces what everybody else sees.</summary>
    private void Show()
    {
        var started = _entries.Values.Select(entry => new RolloutReading
        {
            Spec = entry.Spec,
            SpecHash = entry.SpecHash,
            State = entry.InForce,
            Evidence = entry.Evidence,
            GapSeconds = entry.Ledger.GapSeconds,
            ExposureLeft = entry.Allowance?.Left,
            Pending = Pending(entry),
        });
        var planned = _loaded.Config.Migrations.Where(item => !_entries.ContainsKey(item.Id.Value)).Select(item =>
        {
            var spec = SpecOf(item);
            return new RolloutReading { Spec = spec, SpecHash = JournalJson.Hash(spec), State = new RolloutState { Id = spec.Id } };
        });
        Latest = new ControlReading
        {
            Loaded = _loaded,
            Rollouts = [.. started.Concat(planned).OrderBy(item => item.Spec.Id.Value, StringComparer.Ordinal)],
            ConfigurationProblems = _configurationProblems,
            Disagreements = Disagreements(),
            StoreProblem = _storeProblem,
            At = time.GetUtcNow(),
        };
    }
}
