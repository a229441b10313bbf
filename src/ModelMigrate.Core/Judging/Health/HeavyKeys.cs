namespace ModelMigrate.Core.Judging.Health;

/// <summary>The keys with the most requests, by the Space-Saving sketch (Metwally et al. 2005): 64 counters, error at most 1/64 of the total.</summary>
internal sealed class HeavyKeys
{
    private const int Counters = 64;
    private readonly List<HeavyKey> _keys;

    public HeavyKeys(IReadOnlyList<HeavyKey> state) => _keys = [.. state];

    /// <summary>The most requests that one key has for certain.</summary>
    public long Most
    {
        get
        {
            long most = 0;
            foreach (var key in _keys)
            {
                most = Math.Max(most, key.Count - key.Error);
            }

            return most;
        }
    }

    public IReadOnlyList<HeavyKey> Snapshot() => [.. _keys];

    public void Add(ulong key, long count)
    {
        if (count <= 0)
        {
            return;
        }

        var least = 0;
        for (var i = 0; i < _keys.Count; i++)
        {
            if (_keys[i].Key == key)
            {
                _keys[i] = _keys[i] with { Count = _keys[i].Count + count };
                return;
            }

            least = _keys[i].Count < _keys[least].Count ? i : least;
        }

        if (_keys.Count < Counters)
        {
            _keys.Add(new HeavyKey(key, count, 0));
        }
        else
        {
            _keys[least] = new HeavyKey(key, _keys[least].Count + count, _keys[least].Count);
        }
    }
}
