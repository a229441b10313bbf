namespace ModelMigrate.Core.Observing.Blocks;

/// <summary>
/// Latencies in buckets that grow by 5 % from 1 ms on; a quantile read from it is within 2.5 %. Immutable; adding gives a new one.
/// </summary>
public sealed class LatencyHistogram
{
    public static readonly LatencyHistogram Empty = new([], []);

    internal const int Buckets = 320;

    private const double Growth = 1.05;
    private static readonly double s_inverseLogGrowth = 1 / Math.Log(Growth);

    private readonly ushort[] _indexes;
    private readonly int[] _counts;

    internal LatencyHistogram(ushort[] indexes, int[] counts)
    {
        _indexes = indexes;
        _counts = counts;
        foreach (var count in counts)
        {
            Count += count;
        }
    }

    /// <summary>Answers counted.</summary>
    public long Count { get; }

    internal ReadOnlySpan<ushort> Indexes => _indexes;

    internal ReadOnlySpan<int> Counts => _counts;

    /// <summary>The latency below which the share <paramref name="quantile"/> of the answers lies, or null when there are none.</summary>
    public TimeSpan? Quantile(double quantile)
    {
        if (Count == 0)
        {
            return null;
        }

        var rank = Math.Clamp((long)Math.Ceiling(quantile * Count), 1, Count);
        long seen = 0;
        for (var i = 0; i < _indexes.Length; i++)
        {
            seen += _counts[i];
            if (seen >= rank)
            {
                return TimeSpan.FromMilliseconds(Math.Pow(Growth, _indexes[i] + 0.5));
            }
        }

        return null;
    }

    /// <summary>Both together.</summary>
    public LatencyHistogram Add(LatencyHistogram other)
    {
        if (other.Count == 0)
        {
            return this;
        }

        if (Count == 0)
        {
            return other;
        }

        Span<int> dense = stackalloc int[Buckets];
        dense.Clear();
        AddTo(dense);
        other.AddTo(dense);
        return FromDense(dense);
    }

    internal static int BucketOf(TimeSpan latency)
    {
        var milliseconds = latency.TotalMilliseconds;
        return milliseconds <= 1 ? 0 : Math.Min(Buckets - 1, (int)(Math.Log(milliseconds) * s_inverseLogGrowth));
    }

    internal static LatencyHistogram FromDense(ReadOnlySpan<int> dense)
    {
        Span<ushort> indexes = stackalloc ushort[Buckets];
        Span<int> counts = stackalloc int[Buckets];
        var used = 0;
        for (var i = 0; dense[i..].IndexOfAnyExcept(0) is >= 0 and var gap; i++)
        {
            i += gap;
            indexes[used] = (ushort)i;
            counts[used++] = dense[i];
            if (i == dense.Length - 1)
            {
                break;
            }
        }

        return used == 0 ? Empty : new LatencyHistogram(indexes[..used].ToArray(), counts[..used].ToArray());
    }

    internal void AddTo(Span<int> dense)
    {
        for (var i = 0; i < _indexes.Length; i++)
        {
            dense[_indexes[i]] += _counts[i];
        }
    }
}
