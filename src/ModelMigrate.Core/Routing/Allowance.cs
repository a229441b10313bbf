namespace ModelMigrate.Core.Routing;

/// <summary>
/// The exposure that an unproven target may still take: numbered chunks granted by Control, which journals a chunk as spent
/// before it grants it, and taken one by one by the gateway at admission. Every snapshot of one migration attempt carries
/// the same instance, so that publishing never refills it.
/// </summary>
public sealed class Allowance
{
    private readonly Lock _gate = new();
    private long _left;
    private long _taken;
    private long _chunk;

    /// <summary>The number of the newest chunk granted, 0 before the first.</summary>
    public long Chunk => Volatile.Read(ref _chunk);

    /// <summary>Exposures that can still be taken.</summary>
    public long Left => Volatile.Read(ref _left);

    /// <summary>Exposures taken in this process.</summary>
    public long Taken => Volatile.Read(ref _taken);

    /// <summary>Takes one exposure, or answers false when none is left.</summary>
    public bool TryTake()
    {
        while (true)
        {
            var left = Volatile.Read(ref _left);
            if (left <= 0)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref _left, left - 1, left) == left)
            {
                Interlocked.Increment(ref _taken);
                return true;
            }
        }
    }

    /// <summary>Adds a chunk. A number already granted changes nothing.</summary>
    public void Grant(long chunk, int size)
    {
        lock (_gate)
        {
            if (chunk <= _chunk)
            {
                return;
            }

            Volatile.Write(ref _chunk, chunk);
            Interlocked.Add(ref _left, size);
        }
    }
}
