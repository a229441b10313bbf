namespace ModelMigrate.Core.Plans.Stopping;

/// <summary>
/// The blocks of one simulated migration that lie in a rule's window: kept as running sums, because a look comes every quarter of a
/// second. Owned by one simulation, which begins each repetition with <see cref="Clear"/>.
/// </summary>
internal sealed class StopWindow(StopRule rule)
{
    private readonly Queue<(long Slice, long Requests, long Events)> _ended = new();
    private long _slice;
    private long _openRequests;
    private long _openEvents;
    private long _requests;
    private long _events;

    /// <summary>Target requests of the newest block.</summary>
    public long OpenRequests => _openRequests;

    /// <summary>First second of the newest block.</summary>
    public long OpenSlice => _slice;

    public void Clear()
    {
        _ended.Clear();
        (_slice, _openRequests, _openEvents, _requests, _events) = (0, 0, 0, 0, 0);
    }

    /// <summary>Ends the newest block and begins one.</summary>
    public void Open(long slice)
    {
        if (_openRequests > 0)
        {
            _ended.Enqueue((_slice, _openRequests, _openEvents));
            _requests += _openRequests;
            _events += _openEvents;
        }

        (_slice, _openRequests, _openEvents) = (slice, 0, 0);
    }

    /// <summary>Counts requests in the newest block, and those of them that speak against the target.</summary>
    public void Admit(long requests, long events)
    {
        _openRequests += requests;
        _openEvents += events;
    }

    /// <summary>Whether the rule fires now, in seconds.</summary>
    public bool Fires(long now)
    {
        var oldest = now - rule.WindowSeconds;
        while (_ended.TryPeek(out var block) && block.Slice < oldest)
        {
            _requests -= block.Requests;
            _events -= block.Events;
            _ended.Dequeue();
        }

        // A block that began before the window is out of it, also while it still forms.
        return _slice < oldest ? rule.Fires(_requests, _events) : rule.Fires(_requests + _openRequests, _events + _openEvents);
    }
}
