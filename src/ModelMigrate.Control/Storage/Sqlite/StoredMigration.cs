using ModelMigrate.Core.Rollouts;

namespace ModelMigrate.Control.Storage.Sqlite;

/// <summary>A migration as the journal knows it.</summary>
internal sealed record StoredMigration
{
    public required RolloutSpec Spec { get; init; }

    public required string SpecHash { get; init; }

    public required RolloutState State { get; init; }

    /// <summary>The evidence last committed, or null when the migration has none yet.</summary>
    public JournalBatch.Checkpoint? Checkpoint { get; init; }
}
