namespace ModelMigrate.Gateway.Telemetry;

/// <summary>
/// One model's last five minutes in slices of ten seconds: calls, failures, and latencies in 256 buckets that grow by 5.5 %, so that
/// a quantile is within 2.7 % of the truth. Thread-safe.
/// </summary>
internal sealed class ModelWindow(TimeProvider time)
{
    /// <summary>Calls below which nothing is said.</summary>
    public const int Fewest = 20;

    private const int Slices = 30;
    private const int Buckets = 256;
    private const double SmallestMs = 0.5;
    private const double Growth = 1.055;

    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(10);
    private static readonly double LogGrowth = Math.Log(Growth);

    private readonly Lock _gate = new();
    private readonly long _start = time.GetTimestamp();
    private readonly long[] _numbers = new long[Slices];
    private readonly int[] _calls = new int[Slices];
    private readonly int[] _errors = new int[Slices];
    private readonly int[] _latencies = new int[Slices * Buckets];

    public void Add(bool isError, TimeSpan latency)
    {
        var bucket = Math.Clamp((int)(Math.Log(Math.Max(latency.TotalMilliseconds, SmallestMs) / SmallestMs) / LogGrowth), 0, Buckets - 1);
        lock (_gate)
        {
            var slice = Current_NeedsLock();
            _calls[slice]++;
            _errors[slice] += isError ? 1 : 0;
            _latencies[(slice * Buckets) + bucket]++;
        }
    }

    /// <summary>Failed calls by all calls, or null while there are few.</summary>
    public double? ErrorRate()
    {
        lock (_gate)
        {
            var (calls, errors) = Totals_NeedsLock();
            return calls < Fewest ? null : (double)errors / calls;
        }
    }

    /// <summary>The 99th percentile of latency in seconds, or null while there are few calls.</summary>
    public double? P99()
    {
        lock (_gate)
        {
            var (calls, _) = Totals_NeedsLock();
            if (calls < Fewest)
            {
                return null;
            }

            var rank = (int)Math.Ceiling(calls * 0.99);
            for (var bucket = 0; bucket < Buckets; bucket++)
            {
                for (var slice = 0; slice < Slices; slice++)
                {
                    rank -= IsLive_NeedsLock(slice) ? _latencies[(slice * Buckets) + bucket] : 0;
                }

                if (rank <= 0)
                {
                    return SmallestMs * Math.Pow(Growth, bucket + 0.5) / 1000;
                }
            }

            return null;
        }
    }

    private long Number => (long)(time.GetElapsedTime(_start) / Slice);

    private bool IsLive_NeedsLock(int slice) => Number - _numbers[slice] < Slices;

    private int Current_NeedsLock()
    {
        var number = Number;
        var slice = (int)(number % Slices);
        if (_numbers[slice] != number)
        {
            _numbers[slice] = number;
            _calls[slice] = 0;
            _errors[slice] = 0;
            Array.Clear(_latencies, slice * Buckets, Buckets);
        }

        return slice;
    }

    private (int Calls, int Errors) Totals_NeedsLock()
    {
        var (calls, errors) = (0, 0);
        for (var slice = 0; slice < Slices; slice++)
        {
            if (IsLive_NeedsLock(slice))
            {
                calls += _calls[slice];
                errors += _errors[slice];
            }
        }

        return (calls, errors);
    }
}
