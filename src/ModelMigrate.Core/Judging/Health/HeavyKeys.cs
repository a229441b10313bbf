using ModelMigrate.Core.Observing.Building;

namespace ModelMigrate.Core.Judging.Health;

/// <summary>The keys with the most requests: 64 counters, error at most 1/64 of the total.</summary>
internal sealed class HeavyKeys
{
    private const int Counters = 64;
    private readonly SpaceSaving _keys = new(Counters);
    private readonly long[] _errors = new long[Counters];

    public HeavyKeys(IReadOnlyList<HeavyKey> state)
    {
        foreach (var each in state.Take(Counters))
        {
            _errors[_keys.Add(each.Key, each.Count, out _)] = each.Error;
        }
    }

    /// <summary>The most requests that one key has for certain.</summary>
    public long Most
    {
        get
        {
            long most = 0;
            for (var i = 0; i < _keys.Count; i++)
            {
                most = Math.Max(most, _keys.CountAt(i) - _errors[i]);
            }

            return most;
        }
    }

    public IReadOnlyList<HeavyKey> Snapshot()
    {
        var state = new HeavyKey[_keys.Count];
        for (var i = 0; i < state.Length; i++)
        {
            state[i] = new HeavyKey(_keys.Keys[i], _keys.CountAt(i), _errors[i]);
        }

        return state;
    }

    public void Add(ulong key, long count)
    {
        if (count <= 0)
        {
            return;
        }

        var at = _keys.Add(key, count, out var inherited);
        if (inherited >= 0)
        {
            _errors[at] = inherited;
        }
    }
}
