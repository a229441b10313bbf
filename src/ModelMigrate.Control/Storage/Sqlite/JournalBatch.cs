using ModelMigrate.Core.Rollouts;

namespace ModelMigrate.Control.Storage.Sqlite;

/// <summary>What one transaction writes: all of it or nothing.</summary>
internal sealed class JournalBatch
{
    public List<(RolloutSpec Spec, RolloutState State)> States { get; } = [];

    public List<JournalEvent> Events { get; } = [];

    public List<Block> Blocks { get; } = [];

    public List<Tick> Ticks { get; } = [];

    public List<Checkpoint> Checkpoints { get; } = [];

    public List<Chunk> Chunks { get; } = [];

    public bool IsEmpty => States.Count + Events.Count + Blocks.Count + Ticks.Count + Checkpoints.Count + Chunks.Count == 0;

    /// <summary>One closed evidence block.</summary>
    public sealed record Block(string Migration, int Attempt, int Epoch, long Sequence, string Json);

    /// <summary>One look of the decider at a migration: when, how far the evidence went, by which specification.</summary>
    public sealed record Tick(string Migration, long Number, DateTimeOffset At, long Watermark, string Spec);

    /// <summary>The evidence as it is committed; the newest of a migration replaces the one before.</summary>
    public sealed record Checkpoint(string Migration, int Attempt, DateTimeOffset At, long Tick, string Json);

    /// <summary>A part of the exposure budget, spent from here on.</summary>
    public sealed record Chunk(string Migration, int Attempt, long Number, int Size, DateTimeOffset At);
}
