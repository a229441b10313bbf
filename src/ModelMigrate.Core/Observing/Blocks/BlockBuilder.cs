namespace ModelMigrate.Core.Observing.Blocks;

/// <summary>
/// Turns the observation stream of one migration attempt into blocks. Owns the open slices. Not thread-safe: one intake owns it.
/// </summary>
public sealed class BlockBuilder
{
    public BlockBuilder(
        MigrationId migration, int attempt, string replica, long incarnation,
        IReadOnlyList<LatencyQuantile> quantiles, FrozenQuantiles? frozen = null, BlockOptions? options = null) => throw new NotSupportedException();

    /// <summary>The source's quantiles once they are frozen.</summary>
    public FrozenQuantiles? Frozen => throw new NotSupportedException();

    /// <summary>Admitted requests that have not ended.</summary>
    public int Open => throw new NotSupportedException();

    /// <summary>Takes one entry of the stream in. False when it is not of this migration's attempt or ends an unknown request.</summary>
    public bool Accept(in ObservationEvent item) => throw new NotSupportedException();

    /// <summary>Closes what is due, and moves ended blocks, in sequence order and without gaps, into <paramref name="ended"/>.</summary>
    public void TakeEnded(DateTimeOffset now, List<Block> ended) => throw new NotSupportedException();

    /// <summary>Replaces the content of <paramref name="open"/> by the blocks not yet taken, as they stand now, in sequence order.</summary>
    public void ReadOpen(DateTimeOffset now, List<Block> open) => throw new NotSupportedException();
}
