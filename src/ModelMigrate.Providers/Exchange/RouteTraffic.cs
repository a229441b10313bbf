namespace ModelMigrate.Providers.Exchange;

/// <summary>
/// What is under way on one route, how many rescues its source can take (at most a fifth of the source's own requests, with a burst of
/// two seconds of that, so that a sick target never doubles the source's load), and how many second tries its requests have earned, so
/// that retries never become a storm. Thread-safe.
/// </summary>
public sealed class RouteTraffic(TimeProvider time)
{
    /// <summary>Rescues for each request of the source's own.</summary>
    public const double RescueShare = 0.2;

    /// <summary>Rescues that may come at once on a route with little traffic.</summary>
    public const double SmallestBurst = 20;

    private const double BurstSeconds = 2;

    /// <summary>Over how many seconds the source's rate is smoothed.</summary>
    private const double Smoothing = 5;

    /// <summary>Second tries that may come at once on a route with little traffic.</summary>
    public const int RetryBurst = 20;

    /// <summary>Parts of one second try, so that a request can earn a share of it without a lock.</summary>
    private const long OneRetry = 1_000_000;

    private readonly Lock _gate = new();
    private long _retries = RetryBurst * OneRetry;
    private double _rescues = SmallestBurst;
    private double _rate;
    private long _rated = time.GetTimestamp();
    private int _inFlight;
    private int _atSource;

    /// <summary>Requests under way on the route.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Those of them that the source is answering.</summary>
    public int AtSource => Volatile.Read(ref _atSource);

    /// <summary>
    /// Takes a place on the route, or answers false when all are taken. Each request that enters earns <paramref name="retryRatio"/> of
    /// a second try.
    /// </summary>
    public bool TryEnter(int? maxConcurrent, double retryRatio = 0)
    {
        if (Interlocked.Increment(ref _inFlight) <= (maxConcurrent ?? int.MaxValue))
        {
            // Two requests at once may overfill it by one share, which does not matter.
            if (Volatile.Read(ref _retries) < RetryBurst * OneRetry)
            {
                Interlocked.Add(ref _retries, (long)(retryRatio * OneRetry));
            }

            return true;
        }

        Interlocked.Decrement(ref _inFlight);
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _inFlight);

    /// <summary>The source begins to answer a request of its own; each earns a fifth of a rescue, which is a fifth of the true rate.</summary>
    public void OnSourceRequest()
    {
        lock (_gate)
        {
            Decay_NeedsLock();
            _rate += 1 / Smoothing;
            _rescues = Math.Min(Burst_NeedsLock(), _rescues + RescueShare);
        }
    }

    /// <summary>Takes one rescue, or answers false when the source has no headroom or rescued enough.</summary>
    public bool TryRescue(int? maxConcurrent)
    {
        if (AtSource >= (maxConcurrent ?? int.MaxValue))
        {
            return false;
        }

        lock (_gate)
        {
            Decay_NeedsLock();
            _rescues = Math.Min(Burst_NeedsLock(), _rescues);
            if (_rescues < 1)
            {
                return false;
            }

            _rescues--;
            return true;
        }
    }

    /// <summary>Takes one second try of a model, or answers false when the route's requests have earned no more.</summary>
    public bool TryRetry(double retryRatio)
    {
        if (retryRatio <= 0)
        {
            return false;
        }

        while (true)
        {
            var left = Volatile.Read(ref _retries);
            if (left < OneRetry)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref _retries, left - OneRetry, left) == left)
            {
                return true;
            }
        }
    }

    public void EnterSource() => Interlocked.Increment(ref _atSource);

    public void LeaveSource() => Interlocked.Decrement(ref _atSource);

    private double Burst_NeedsLock() => Math.Max(SmallestBurst, BurstSeconds * RescueShare * _rate);

    /// <summary>Requests a second, each forgotten exponentially.</summary>
    private void Decay_NeedsLock()
    {
        var now = time.GetTimestamp();
        _rate *= Math.Exp(-time.GetElapsedTime(_rated, now).TotalSeconds / Smoothing);
        _rated = now;
    }
}
