namespace ModelMigrate.Providers.Exchange.Breakers;

/// <summary>
/// Spares a migrating target that fails while its source serves. Only failures that the source rescued count, so that an outage of
/// both arms never opens it; while open, one request a second probes the target. Thread-safe.
/// </summary>
public sealed class Breaker(TimeProvider time)
{
    /// <summary>Rescued failures in a row that open it.</summary>
    public const int OpensAt = 10;

    private static readonly TimeSpan ProbeEvery = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private int _inRow;
    private long _probed;
    private volatile bool _open;

    public bool IsOpen => _open;

    /// <summary>Whether a request may go to the target: always when closed, once a second when open.</summary>
    public bool TryPass()
    {
        if (!_open)
        {
            return true;
        }

        lock (_gate)
        {
            if (!_open)
            {
                return true;
            }

            if (time.GetElapsedTime(_probed) < ProbeEvery)
            {
                return false;
            }

            _probed = time.GetTimestamp();
            return true;
        }
    }

    public void OnSuccess()
    {
        if (Volatile.Read(ref _inRow) == 0)
        {
            return;
        }

        lock (_gate)
        {
            Volatile.Write(ref _inRow, 0);
            _open = false;
        }
    }

    /// <summary>The target failed and the source answered in its place.</summary>
    public void OnRescued()
    {
        lock (_gate)
        {
            Volatile.Write(ref _inRow, _inRow + 1);
            if (_inRow >= OpensAt)
            {
                _open = true;
                _probed = time.GetTimestamp();
            }
        }
    }
}
