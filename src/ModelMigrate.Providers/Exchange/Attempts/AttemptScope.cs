namespace ModelMigrate.Providers.Exchange.Attempts;

/// <summary>
/// Bounds one attempt in time: cancels its token on the first of client gone, drain, cut, or a limit, and remembers which. Limits run
/// on the injected clock and only while the provider is waited for, never while a slow client is.
/// </summary>
internal sealed class AttemptScope : IDisposable
{
    private readonly TimeProvider _time;
    private readonly long _deadline;
    private readonly CancellationTokenSource _stopped = new();
    private readonly CancellationTokenRegistration _client;
    private readonly CancellationTokenRegistration _draining;
    private readonly CancellationTokenRegistration _cut;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private long _due = long.MaxValue;
    private long _fires = long.MaxValue;
    private int _cause;
    private int _limitCause;
    private bool _disposed;

    public AttemptScope(TimeProvider time, long deadline, CancellationToken client, CancellationToken draining, CancellationToken cut)
    {
        _time = time;
        _deadline = deadline;
        _timer = time.CreateTimer(static state => ((AttemptScope)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _client = client.UnsafeRegister(static state => ((AttemptScope)state!).Stop(StopCause.Client), this);
        _draining = draining.UnsafeRegister(static state => ((AttemptScope)state!).Stop(StopCause.Draining), this);
        _cut = cut.UnsafeRegister(static state => ((AttemptScope)state!).Stop(StopCause.Cut), this);
    }

    public CancellationToken Token => _stopped.Token;

    public StopCause Cause => (StopCause)Volatile.Read(ref _cause);

    /// <summary>Starts waiting for the provider, for <paramref name="limit"/> at most and never beyond the request's deadline.</summary>
    public void Wait(TimeSpan limit, StopCause cause)
    {
        var due = _time.GetTimestamp() + (long)(limit.TotalSeconds * _time.TimestampFrequency);
        lock (_gate)
        {
            (_due, _limitCause) = due < _deadline ? (due, (int)cause) : (_deadline, (int)StopCause.Total);
            if (_due < _fires)
            {
                Schedule_NeedsLock();
            }
        }
    }

    /// <summary>Stops the clock while the client is written to.</summary>
    public void Pause()
    {
        lock (_gate)
        {
            _due = long.MaxValue;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
        }

        _timer.Dispose();
        _client.Dispose();
        _draining.Dispose();
        _cut.Dispose();
        _stopped.Dispose();
    }

    private void OnTimer()
    {
        StopCause cause;
        lock (_gate)
        {
            _fires = long.MaxValue;
            if (_disposed || _due == long.MaxValue)
            {
                return;
            }

            // Each event only moves _due; the timer itself is moved here, once a limit's length.
            if (_time.GetTimestamp() < _due)
            {
                Schedule_NeedsLock();
                return;
            }

            cause = (StopCause)_limitCause;
        }

        Stop(cause);
    }

    private void Schedule_NeedsLock()
    {
        _fires = _due;
        var wait = TimeSpan.FromSeconds((double)(_due - _time.GetTimestamp()) / _time.TimestampFrequency);
        _timer.Change(wait > TimeSpan.Zero ? wait + TimeSpan.FromMilliseconds(1) : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private void Stop(StopCause cause)
    {
        if (Interlocked.CompareExchange(ref _cause, (int)cause, (int)StopCause.None) != (int)StopCause.None)
        {
            return;
        }

        try
        {
            _stopped.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The attempt ended meanwhile.
        }
    }
}
