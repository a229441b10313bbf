namespace ModelMigrate.Providers.Exchange.Attempts;

/// <summary>Waits between tries of the same model: doubling from 100 ms, with jitter over the upper half. Thread-safe.</summary>
public sealed class Backoff(ulong seed)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private long _drawn;

    /// <summary>How long to wait before the <paramref name="retry"/>-th retry, counted from 0.</summary>
    public TimeSpan Next(int retry)
    {
        var full = Math.Min(First.TotalMilliseconds * Math.Pow(2, retry), Longest.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(full * (0.5 + (0.5 * Draw())));
    }

    /// <summary>Uniform in [0, 1): SplitMix64 over a counter (Steele, Lea and Flood 2014), which needs no lock.</summary>
    internal double Draw()
    {
        var z = seed + ((ulong)Interlocked.Increment(ref _drawn) * 0x9E3779B97F4A7C15UL);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
