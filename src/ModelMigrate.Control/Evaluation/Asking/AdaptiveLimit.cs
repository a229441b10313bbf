namespace ModelMigrate.Control.Evaluation.Asking;

/// <summary>
/// How many calls of one model are under way: halved when the provider asks to slow down, once for all calls that began before, and grown by one with every
/// full round that it answers (additive increase, multiplicative decrease; Chiu and Jain 1989). While the provider asks to wait, none begins. Thread-safe.
/// </summary>
internal sealed class AdaptiveLimit(int most, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Queue<TaskCompletionSource> _waiting = [];
    private double _limit = most;
    private int _under;
    private long _cuts;
    private DateTimeOffset _pausedUntil = DateTimeOffset.MinValue;

    /// <summary>Calls that may be under way now.</summary>
    public int Current
    {
        get
        {
            lock (_lock)
            {
                return (int)_limit;
            }
        }
    }

    /// <summary>Waits for a place, and answers what <see cref="Throttled"/> wants to know.</summary>
    public async ValueTask<long> EnterAsync(CancellationToken cancel)
    {
        while (true)
        {
            TimeSpan pause;
            TaskCompletionSource? place = null;
            lock (_lock)
            {
                pause = _pausedUntil - time.GetUtcNow();
                if (pause <= TimeSpan.Zero)
                {
                    if (_under < (int)_limit)
                    {
                        _under++;
                        return _cuts;
                    }

                    place = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    _waiting.Enqueue(place);
                }
            }

            await (place is null ? Task.Delay(pause, time, cancel) : place.Task.WaitAsync(cancel));
        }
    }

    /// <summary>Gives the place back.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            _under--;
            Wake();
        }
    }

    public void Succeeded()
    {
        lock (_lock)
        {
            _limit = Math.Min(most, _limit + (1 / _limit));
            Wake();
        }
    }

    /// <param name="entered">What <see cref="EnterAsync"/> answered: a call that began before the last cut tells nothing new.</param>
    /// <param name="wait">How long nothing is to be sent.</param>
    public void Throttled(long entered, TimeSpan wait)
    {
        lock (_lock)
        {
            if (entered == _cuts)
            {
                _limit = Math.Max(1, _limit / 2);
                _cuts++;
            }

            var until = time.GetUtcNow() + wait;
            _pausedUntil = until > _pausedUntil ? until : _pausedUntil;
        }
    }

    private void Wake()
    {
        for (var free = (int)_limit - _under; free > 0 && _waiting.TryDequeue(out var place); free--)
        {
            place.TrySetResult();
        }
    }
}
