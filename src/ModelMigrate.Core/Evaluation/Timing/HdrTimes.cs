using System.Numerics;
using ModelMigrate.Core.Statistics;

namespace ModelMigrate.Core.Evaluation.Timing;

/// <summary>
/// Times in buckets that keep three digits from a microsecond to a day, in memory that does not grow: a high dynamic range histogram (Tene). A percentile read from it is never too
/// low, and at most 0.1 % too high. Failed calls are known only to be at least a limit, and stand behind all others. Owned by one measurement.
/// </summary>
public sealed class HdrTimes(double limitMs)
{
    private const int SubBits = 11;
    private const int Half = 1 << (SubBits - 1);
    private const long Longest = 86_400_000_000;

    private static readonly int s_buckets = IndexOf(Longest) + 1;

    private readonly long[] _counts = new long[s_buckets];
    private long _known;

    /// <summary>Values, failed ones too.</summary>
    public long Count => _known + Censored;

    /// <summary>Failed ones.</summary>
    public long Censored { get; private set; }

    /// <summary>The largest measured time in milliseconds, as it was.</summary>
    public double LargestMs { get; private set; }

    /// <summary>A measured time; one above a day counts as a day.</summary>
    public void Add(double milliseconds)
    {
        _counts[IndexOf(Math.Clamp((long)(milliseconds * 1000), 0, Longest))]++;
        _known++;
        LargestMs = Math.Max(LargestMs, milliseconds);
    }

    /// <summary>A failure: the limit or more.</summary>
    public void AddCensored() => Censored++;

    /// <summary>The percentile by nearest rank. Without an interval: calls that are under way together share what happens to them.</summary>
    public PercentileFigure Percentile(double share)
    {
        if (Count == 0)
        {
            return new PercentileFigure { Share = share };
        }

        var rank = QuantileRanks.Of(share, Count);
        return rank > _known
            ? new PercentileFigure { Share = share, Ms = limitMs, IsAtLeast = true }
            : new PercentileFigure { Share = share, Ms = At(rank) };
    }

    private double At(long rank)
    {
        var (index, seen) = (-1, 0L);
        while (seen < rank)
        {
            seen += _counts[++index];
        }

        return Math.Min(HighestOf(index) / 1000.0, LargestMs);
    }

    private static int IndexOf(long microseconds)
    {
        var bucket = BitOperations.Log2((ulong)microseconds | ((1UL << SubBits) - 1)) - SubBits + 1;
        return (bucket * Half) + (int)(microseconds >> bucket);
    }

    private static long HighestOf(int index)
    {
        var bucket = Math.Max(0, (index / Half) - 1);
        return ((long)(index - (bucket * Half) + 1) << bucket) - 1;
    }
}
