using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Observing;

namespace ModelMigrate.Providers.Exchange.Breakers;

/// <summary>
/// Spares one model that fails in a row, whichever routes call it: closed, open for a time that doubles, then half-open with a few
/// probes, of which the first success closes it. Its state outlives reloads of the configuration. Thread-safe.
/// </summary>
public sealed class ModelBreaker(TimeProvider time)
{
    private readonly Lock _gate = new();
    private int _inRow;
    private int _probing;
    private long _openedAt;
    private TimeSpan _openFor;
    private volatile bool _open;

    public BreakerState State
    {
        get
        {
            if (!_open)
            {
                return BreakerState.Closed;
            }

            lock (_gate)
            {
                return !_open ? BreakerState.Closed : IsOver_NeedsLock() ? BreakerState.HalfOpen : BreakerState.Open;
            }
        }
    }

    /// <summary>Whether a call would pass now; takes no probe's place.</summary>
    public bool WouldPass(BreakerLimits limits)
    {
        if (!_open || !limits.Enabled)
        {
            return true;
        }

        lock (_gate)
        {
            return !_open || (IsOver_NeedsLock() && _probing < limits.Probes);
        }
    }

    /// <summary>Lets a call pass, or not. Every call that passes ends with <see cref="OnEnd"/>.</summary>
    internal bool TryPass(BreakerLimits limits, out BreakerPass pass)
    {
        pass = BreakerPass.Free;
        if (!_open || !limits.Enabled)
        {
            return true;
        }

        lock (_gate)
        {
            if (!_open)
            {
                return true;
            }

            if (!IsOver_NeedsLock() || _probing >= limits.Probes)
            {
                return false;
            }

            _probing++;
            pass = BreakerPass.Probe;
            return true;
        }
    }

    /// <summary>A call ended. <paramref name="outcome"/> is null when it says nothing of the model.</summary>
    internal void OnEnd(BreakerPass pass, Outcome? outcome, BreakerLimits limits)
    {
        bool? isGood = outcome switch
        {
            // A model that refuses a request is alive.
            Outcome.Ok or Outcome.ClientError => true,
            Outcome.Error or Outcome.Throttled or Outcome.Timeout => false,
            null or Outcome.Canceled or Outcome.Skipped => null,
            _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
        };
        if (pass == BreakerPass.Free && isGood != false && Volatile.Read(ref _inRow) == 0)
        {
            return;
        }

        lock (_gate)
        {
            _probing -= pass == BreakerPass.Probe ? 1 : 0;
            if (isGood == true && (pass != BreakerPass.Free || !_open))
            {
                // A free call's success while open began before the failures did, and says nothing of now.
                Volatile.Write(ref _inRow, 0);
                _open = false;
            }
            else if (isGood == false && limits.Enabled)
            {
                Fail_NeedsLock(pass, limits);
            }
        }
    }

    private void Fail_NeedsLock(BreakerPass pass, BreakerLimits limits)
    {
        if (!_open)
        {
            Volatile.Write(ref _inRow, _inRow + 1);
            if (_inRow >= limits.Failures)
            {
                Open_NeedsLock(limits.OpenFor);
            }
        }
        else if (pass == BreakerPass.Probe)
        {
            var doubled = _openFor * 2;
            Open_NeedsLock(doubled < limits.Longest ? doubled : limits.Longest);
        }
    }

    private void Open_NeedsLock(TimeSpan duration)
    {
        _openFor = duration;
        _openedAt = time.GetTimestamp();
        _open = true;
    }

    private bool IsOver_NeedsLock() => time.GetElapsedTime(_openedAt) >= _openFor;
}
