namespace ModelMigrate.Core.Observing.Blocks;

/// <summary>What makes a block count exactly once: whose it is, which seconds of admission it covers, and who sent it as which number.</summary>
/// <param name="Migration">The migration.</param>
/// <param name="Attempt">That migration's attempt.</param>
/// <param name="Revision">The snapshot under which the requests were admitted.</param>
/// <param name="FirstSlice">First second of admission time, in Unix seconds.</param>
/// <param name="LastSlice">Last second of admission time, inclusive.</param>
/// <param name="Replica">The gateway replica.</param>
/// <param name="Incarnation">That replica's process incarnation; a later one has a larger number.</param>
/// <param name="Sequence">1 for the first block of an incarnation, then one more each.</param>
public readonly record struct BlockKey(
    MigrationId Migration, int Attempt, long Revision, long FirstSlice, long LastSlice, string Replica, long Incarnation, long Sequence);
