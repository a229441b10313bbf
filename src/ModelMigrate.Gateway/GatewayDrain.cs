namespace ModelMigrate.Gateway;

/// <summary>
/// The end of the process as requests see it: once begun, new ones are refused and running ones have a grace period, after which
/// <see cref="Expired"/> ends them with an error in the client's protocol.
/// </summary>
public sealed class GatewayDrain(TimeProvider time) : IDisposable
{
    /// <summary>How long running requests may go on.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _expired = new();
    private int _begun;
    private ITimer? _timer;

    /// <summary>Whether the process is ending; readiness is over.</summary>
    public bool IsDraining => Volatile.Read(ref _begun) != 0;

    /// <summary>Cancelled when the grace period is over.</summary>
    public CancellationToken Expired => _expired.Token;

    /// <summary>Starts the end. Further calls change nothing.</summary>
    public void Begin()
    {
        if (Interlocked.Exchange(ref _begun, 1) == 0)
        {
            _timer = time.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), _expired, Grace, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        _timer?.Dispose();
        _expired.Dispose();
    }
}
