namespace ModelMigrate.Core.Routing;

/// <summary>
/// Carries snapshots from Control down to the data plane. Control is the only writer; any number of readers see the newest
/// one without waiting. Also carries Control's sign of life.
/// </summary>
public sealed class SnapshotFeed(TimeProvider time)
{
    private readonly Lock _gate = new();
    private volatile RoutingSnapshot _current = RoutingSnapshot.Empty;
    private Action<RoutingSnapshot>? _published;
    private long _renewed = time.GetTimestamp();

    public RoutingSnapshot Current => _current;

    /// <summary>Monotonic time since Control last renewed its lease.</summary>
    public TimeSpan SinceRenewal => time.GetElapsedTime(Volatile.Read(ref _renewed));

    /// <summary>Whether Control was heard of within the snapshot's <see cref="RoutingSnapshot.ControlTimeout"/>.</summary>
    public bool IsControlAlive => SinceRenewal <= _current.ControlTimeout;

    /// <summary>Control's sign of life, once a second without a new revision.</summary>
    public void Renew() => Volatile.Write(ref _renewed, time.GetTimestamp());

    /// <summary>Swaps the snapshot in and tells the subscribers, or answers false when it is not newer than the current one.</summary>
    public bool TryPublish(RoutingSnapshot snapshot)
    {
        Action<RoutingSnapshot>? published;
        lock (_gate)
        {
            if (snapshot.Revision <= _current.Revision)
            {
                return false;
            }

            _current = snapshot;
            Renew();
            published = _published;
        }

        published?.Invoke(snapshot);
        return true;
    }

    /// <summary>Calls back after every later publish, on the publisher's thread. Dispose to stop.</summary>
    public IDisposable Subscribe(Action<RoutingSnapshot> onPublished)
    {
        lock (_gate)
        {
            _published += onPublished;
        }

        return new Subscription(this, onPublished);
    }

    private sealed class Subscription(SnapshotFeed feed, Action<RoutingSnapshot> callback) : IDisposable
    {
        public void Dispose()
        {
            lock (feed._gate)
            {
                feed._published -= callback;
            }
        }
    }
}
