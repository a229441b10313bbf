using System.Collections.Concurrent;

namespace ModelMigrate.Demo;

/// <summary>What the demo's client saw. Written by many requests at once.</summary>
internal sealed class DemoTally
{
    private readonly ConcurrentDictionary<string, long> _errors = new(StringComparer.Ordinal);
    private readonly TimeSpan[] _recent = new TimeSpan[100];
    private long _sent;
    private long _finished;
    private long _userErrors;
    private long _unsent;

    public long Sent => Volatile.Read(ref _sent);

    public long Finished => Volatile.Read(ref _finished);

    /// <summary>Answers that were not a success: a status other than 2xx, a transport error, an error event, a stream without its end.</summary>
    public long UserErrors => Volatile.Read(ref _userErrors);

    /// <summary>Requests that the client did not send because too many were under way: the machine cannot carry the rate.</summary>
    public long Unsent => Volatile.Read(ref _unsent);

    /// <summary>User errors by what was seen.</summary>
    public IReadOnlyDictionary<string, long> Errors => _errors;

    /// <summary>Median time to the end of the newest hundred answers, or null before there are as many.</summary>
    public TimeSpan? RecentMedian
    {
        get
        {
            lock (_recent)
            {
                return Finished < _recent.Length ? null : _recent.Order().ElementAt(_recent.Length / 2);
            }
        }
    }

    public void Send() => Interlocked.Increment(ref _sent);

    public void Skip() => Interlocked.Increment(ref _unsent);

    /// <param name="error">What was wrong, or null for a success.</param>
    /// <param name="took">From sending to the answer's end.</param>
    public void Finish(string? error, TimeSpan took)
    {
        if (error is not null)
        {
            Interlocked.Increment(ref _userErrors);
            _errors.AddOrUpdate(error, 1, (_, n) => n + 1);
        }

        lock (_recent)
        {
            _recent[_finished % _recent.Length] = took;
            _finished++;
        }
    }
}
