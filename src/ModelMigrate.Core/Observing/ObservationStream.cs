using System.Collections.Concurrent;

namespace ModelMigrate.Core.Observing;

/// <summary>
/// Carries what happened on migrating routes from the data plane up to Control, in order and without loss. It is bounded at
/// the admission: when Control no longer drains, <see cref="TryAdmit"/> refuses, and the request is served by the safe arm uncounted.
/// </summary>
public sealed class ObservationStream(TimeProvider time, int capacity = ObservationStream.DefaultCapacity)
{
    public const int DefaultCapacity = 1_000_000;

    /// <summary>Entries that wait when <see cref="Filling"/> is called.</summary>
    public const int FillingAt = 256;

    private readonly ConcurrentQueue<ObservationEvent> _events = new();
    private long _ticket;
    private long _open;
    private long _waiting;
    private long _refused;

    /// <summary>
    /// Called on a request's thread each time that <see cref="FillingAt"/> entries have come to wait; it must not block. Draining then
    /// keeps the queue short: thousands of waiting entries make every garbage collection copy them, and all requests wait for that.
    /// </summary>
    public Action? Filling { get; set; }

    /// <summary>Admitted requests that have not ended yet.</summary>
    public long Open => Volatile.Read(ref _open);

    /// <summary>Admissions refused because the stream was full.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Counts a request as exposure of its arm. Every admission must be followed by exactly one <see cref="End"/>.</summary>
    public bool TryAdmit(MigrationId migration, int attempt, long revision, int weightPpm, Arm arm, ulong key, out Admission admission)
    {
        if (Volatile.Read(ref _waiting) + Volatile.Read(ref _open) >= capacity)
        {
            Interlocked.Increment(ref _refused);
            admission = default;
            return false;
        }

        admission = new Admission(
            Interlocked.Increment(ref _ticket), migration, attempt, revision, weightPpm, arm, key, time.GetUtcNow());
        Interlocked.Increment(ref _open);
        Enqueue(ObservationEvent.Of(admission));
        return true;
    }

    /// <summary>Ends an admitted request.</summary>
    public void End(in Observation observation)
    {
        Enqueue(ObservationEvent.Of(observation));
        Interlocked.Decrement(ref _open);
    }

    /// <summary>Moves everything that waits into <paramref name="into"/>, in order. One caller at a time: Control's intake.</summary>
    public void Drain(List<ObservationEvent> into)
    {
        while (_events.TryDequeue(out var item))
        {
            Interlocked.Decrement(ref _waiting);
            into.Add(item);
        }
    }

    private void Enqueue(ObservationEvent item)
    {
        var waiting = Interlocked.Increment(ref _waiting);
        _events.Enqueue(item);
        if (waiting == FillingAt)
        {
            Filling?.Invoke();
        }
    }
}
