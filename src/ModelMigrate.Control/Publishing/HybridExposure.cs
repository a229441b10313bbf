using ModelMigrate.Control.Rollouts;
using ModelMigrate.Control.Storage.Sqlite;
using ModelMigrate.Core.Configuration;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Routing;
using ModelMigrate.Core.Routing.Policies;

namespace ModelMigrate.Control.Publishing;

/// <summary>What hybrid migrations may still expose: chunks of their budgets, journalled as spent before they are granted. Owned by the rollout loop.</summary>
internal sealed class HybridExposure(Journal journal)
{
    /// <summary>A hybrid migration is never retried.</summary>
    public const int Attempt = 1;

    private readonly Dictionary<MigrationId, Granted> _granted = [];

    /// <summary>The allowance of a hybrid migration, the same over all reloads; null without a budget.</summary>
    public Allowance? Of(HybridConfig hybrid)
    {
        if (hybrid.ExposureBudget is null)
        {
            return null;
        }

        if (!_granted.TryGetValue(hybrid.Id, out var granted))
        {
            var (spent, newest) = journal.ChunksOf(hybrid.Id.Value, Attempt);
            _granted[hybrid.Id] = granted = new Granted { Spent = spent, Newest = newest };
        }

        return granted.Allowance;
    }

    /// <summary>Grants what is due. Answers what forbade it, or null.</summary>
    public string? Grant(IReadOnlyList<HybridConfig> hybrids, DateTimeOffset now)
    {
        foreach (var hybrid in hybrids)
        {
            if (hybrid is not { ExposureBudget: { } budget, Mode: not HybridMode.LegacyPrimary } || !_granted.TryGetValue(hybrid.Id, out var granted)
                || !ExposureChunks.IsDue(budget, granted.Spent, granted.Allowance.Left))
            {
                continue;
            }

            var size = ExposureChunks.Next(budget, granted.Spent);
            var batch = new JournalBatch();
            batch.Chunks.Add(new JournalBatch.Chunk(hybrid.Id.Value, Attempt, granted.Newest + 1, size, now));
            if (!journal.TryCommit(batch, out var problem))
            {
                return problem;
            }

            granted.Spent += size;
            granted.Newest++;
            granted.Allowance.Grant(granted.Newest, size);
        }

        return null;
    }

    private sealed class Granted
    {
        public long Spent { get; set; }

        public long Newest { get; set; }

        public Allowance Allowance { get; } = new();
    }
}
