namespace ModelMigrate.Control.Intake;

/// <summary>Latencies of one arm in buckets that grow by 5 % from 1 ms on, so that a quantile is within 2.5 %.</summary>
internal sealed class LatencyTally
{
    private const int Buckets = 320;
    private static readonly double s_logGrowth = Math.Log(1.05);

    private readonly long[] _counts = new long[Buckets];
    private long _total;

    /// <summary>Pairs of bucket and count, for storing.</summary>
    public IReadOnlyList<long> Stored
    {
        get => [.. from bucket in Enumerable.Range(0, Buckets) where _counts[bucket] > 0 from number in new[] { bucket, _counts[bucket] } select number];
        init
        {
            for (var i = 0; i + 1 < value.Count; i += 2)
            {
                _counts[value[i]] = value[i + 1];
                _total += value[i + 1];
            }
        }
    }

    public void Add(TimeSpan latency)
    {
        var milliseconds = latency.TotalMilliseconds;
        _counts[milliseconds <= 1 ? 0 : Math.Min(Buckets - 1, (int)(Math.Log(milliseconds) / s_logGrowth))]++;
        _total++;
    }

    /// <summary>In milliseconds, or null when nothing was added.</summary>
    public double? Quantile(double quantile)
    {
        if (_total == 0)
        {
            return null;
        }

        var rank = Math.Clamp((long)Math.Ceiling(quantile * _total), 1, _total);
        var bucket = -1;
        for (long seen = 0; seen < rank; seen += _counts[bucket])
        {
            bucket++;
        }

        return Math.Round(Math.Exp((bucket + 0.5) * s_logGrowth), 1);
    }
}
