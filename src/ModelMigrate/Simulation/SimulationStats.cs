using System.Collections.Concurrent;
using ModelMigrate.Simulation.Faults;

namespace ModelMigrate.Simulation;

/// <summary>Counts of one simulated provider, by the time at which each request started.</summary>
internal sealed class SimulationStats
{
    private const int MostStarts = 1_000_000;

    private readonly ConcurrentQueue<long> _starts = new();
    private readonly long[] _faults = new long[Enum.GetValues<Fault>().Length];
    private long _started;
    private long _answered;
    private long _canceled;
    private long _waiting;
    private long _pictures;

    /// <summary>Requests that met the provider, refused ones included.</summary>
    public long Started => Volatile.Read(ref _started);

    /// <summary>Requests answered in full.</summary>
    public long Answered => Volatile.Read(ref _answered);

    /// <summary>Requests whose client left first.</summary>
    public long Canceled => Volatile.Read(ref _canceled);

    /// <summary>Requests that wait for the time of their answer.</summary>
    public long Waiting => Volatile.Read(ref _waiting);

    /// <summary>Pictures that requests have shown.</summary>
    public long Pictures => Volatile.Read(ref _pictures);

    public long Of(Fault fault) => Volatile.Read(ref _faults[(int)fault]);

    /// <summary>Requests that failed by a fault.</summary>
    public long Faults => Enum.GetValues<Fault>().Where(f => f != Fault.None).Sum(Of);

    /// <summary>Requests started in [from, until). Looks at the newest million only.</summary>
    public long StartedBetween(DateTimeOffset from, DateTimeOffset until) =>
        _starts.Count(ticks => ticks >= from.UtcTicks && ticks < until.UtcTicks);

    /// <summary>When the newest request started, or null before the first.</summary>
    public DateTimeOffset? LastStart => _starts.IsEmpty ? null : new DateTimeOffset(_starts.Max(), TimeSpan.Zero);

    public void Start(DateTimeOffset at)
    {
        _starts.Enqueue(at.UtcTicks);
        if (Interlocked.Increment(ref _started) > MostStarts)
        {
            _starts.TryDequeue(out _);
        }
    }

    public void See(int pictures) => Interlocked.Add(ref _pictures, pictures);

    public void Draw(Fault fault) => Interlocked.Increment(ref _faults[(int)fault]);

    public void Answer() => Interlocked.Increment(ref _answered);

    public void Cancel() => Interlocked.Increment(ref _canceled);

    /// <summary>Lets a request wait.</summary>
    public async Task WaitAsync(TimeSpan delay, TimeProvider time, CancellationToken cancel)
    {
        var wait = Task.Delay(delay, time, cancel);
        Interlocked.Increment(ref _waiting);
        try
        {
#pragma warning disable VSTHRD003 // The request that waits has just started it.
            await wait;
#pragma warning restore VSTHRD003
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
