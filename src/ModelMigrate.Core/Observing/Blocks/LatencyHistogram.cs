using System.Text.Json;

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

    private readonly SparseCounts _buckets;

    internal LatencyHistogram(ushort[] indexes, int[] counts)
        : this(new SparseCounts(indexes, counts))
    {
    }

    private LatencyHistogram(in SparseCounts buckets) => _buckets = buckets;

    /// <summary>Answers counted.</summary>
    public long Count => _buckets.Total;

    /// <summary>The latency below which the share <paramref name="quantile"/> of the answers lies, or null when there are none.</summary>
    public TimeSpan? Quantile(double quantile)
    {
        if (Count == 0)
        {
            return null;
        }

        var rank = Math.Clamp((long)Math.Ceiling(quantile * Count), 1, Count);
        long seen = 0;
        for (var i = 0; i < _buckets.Cells.Length; i++)
        {
            seen += _buckets.Counts[i];
            if (seen >= rank)
            {
                return TimeSpan.FromMilliseconds(Math.Pow(Growth, _buckets.Cells[i] + 0.5));
            }
        }

        return null;
    }

    /// <summary>Both together.</summary>
    public LatencyHistogram Add(LatencyHistogram other) =>
        other.Count == 0 ? this : Count == 0 ? other : new LatencyHistogram(_buckets.Add(other._buckets));

    internal static int BucketOf(TimeSpan latency)
    {
        var milliseconds = latency.TotalMilliseconds;
        return milliseconds <= 1 ? 0 : Math.Min(Buckets - 1, (int)(Math.Log(milliseconds) * s_inverseLogGrowth));
    }

    internal static LatencyHistogram FromDense(ReadOnlySpan<int> dense) => Of(SparseCounts.FromDense(dense));

    internal static LatencyHistogram Of(in SparseCounts buckets) => buckets.Total == 0 ? Empty : new LatencyHistogram(buckets);

    internal void Write(Utf8JsonWriter writer) => _buckets.Write(writer);

    internal void AddTo(Span<int> dense) => _buckets.AddTo(dense);
}
