namespace ModelMigrate.Core.Judging.Health;

/// <summary>The keys with the most requests, by the Space-Saving sketch (Metwally et al. 2005): 64 counters, error at most 1/64 of the total.</summary>
internal sealed class HeavyKeys
{
    private const int Counters = 64;
    private readonly ulong[] _keys = new ulong[Counters];
    private readonly long[] _counts = new long[Counters];
    private readonly long[] _errors = new long[Counters];
    private int _used;

    public HeavyKeys(IReadOnlyList<HeavyKey> state)
    {
        foreach (var each in state.Take(Counters))
        {
            (_keys[_used], _counts[_used], _errors[_used]) = (each.Key, each.Count, each.Error);
            _used++;
        }
    }

    /// <summary>The most requests that one key has for certain.</summary>
    public long Most
    {
        get
        {
            long most = 0;
            for (var i = 0; i < _used; i++)
            {
                most = Math.Max(most, _counts[i] - _errors[i]);
            }

            return most;
        }
    }

    public IReadOnlyList<HeavyKey> Snapshot()
    {
        var state = new HeavyKey[_used];
        for (var i = 0; i < _used; i++)
        {
            state[i] = new HeavyKey(_keys[i], _counts[i], _errors[i]);
        }

        return state;
    }

    public void Add(ulong key, long count)
    {
        if (count <= 0)
        {
            return;
        }

        var at = _keys.AsSpan(0, _used).IndexOf(key);
        if (at >= 0)
        {
            _counts[at] += count;
        }
        else if (_used < Counters)
        {
            (_keys[_used], _counts[_used], _errors[_used]) = (key, count, 0);
            _used++;
        }
        else
        {
            var least = Least();
            (_keys[least], _counts[least], _errors[least]) = (key, _counts[least] + count, _counts[least]);
        }
    }

    private int Least()
    {
        var least = 0;
        for (var i = 1; i < _used; i++)
        {
            least = _counts[i] < _counts[least] ? i : least;
        }

        return least;
    }
}
