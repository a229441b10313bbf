using ModelMigrate.Core.Observing.Blocks;

namespace ModelMigrate.Core.Judging.Harm;

/// <summary>
/// The heaviest keys' trajectories of a harm process, side by side in memory: a block without an event of a key costs that key one
/// multiplication a ratio. A key's first event counts in its own trajectory too: one failure is anybody's bad luck, and taking it away from
/// every key in turn would ask for one failure more than the evidence needs.
/// </summary>
internal sealed class KeyWealths
{
    /// <summary>Keys followed at most; the one with the fewest events makes room.</summary>
    public const int Most = 64;

    private readonly ulong[] _keys = new ulong[Most];
    private readonly long[] _events = new long[Most];
    private readonly double[] _scales = new double[Most];
    private readonly bool[] _isNew = new bool[Most];
    private double[] _wealth = [];

    public KeyWealths(IReadOnlyList<KeyTrajectory> state)
    {
        foreach (var each in state.Take(Most).Where(static k => k.Wealth.Length == Wealth.Size))
        {
            (_keys[Count], _events[Count], _scales[Count]) = (each.Key, each.Events, each.Scale);
            Grow();
            each.Wealth.CopyTo(Of(Count++));
        }
    }

    public int Count { get; private set; }

    public ReadOnlySpan<ulong> Keys => _keys.AsSpan(0, Count);

    public long EventsAt(int index) => _events[index];

    public double ScaleAt(int index) => _scales[index];

    public Span<double> Of(int index) => _wealth.AsSpan(index * Wealth.Size, Wealth.Size);

    public IReadOnlyList<KeyTrajectory> Snapshot()
    {
        var state = new KeyTrajectory[Count];
        for (var i = 0; i < Count; i++)
        {
            state[i] = new KeyTrajectory { Key = _keys[i], Events = _events[i], Wealth = Of(i).ToArray(), Scale = _scales[i] };
        }

        return state;
    }

    /// <summary>Counts a key's events. Its first starts its trajectory from the main one, which until then is the same.</summary>
    public void Follow(in KeyCount key, ReadOnlySpan<double> main, double scale)
    {
        if (key.Target <= 0)
        {
            return;
        }

        var known = Keys.IndexOf(key.Key);
        if (known >= 0)
        {
            _events[known] += key.Target;
            return;
        }

        var at = Count;
        long inherited = 0;
        if (Count == Most)
        {
            at = Lightest();
            // Space-Saving: the newcomer inherits the count that it replaces, so that a heavy key cannot be kept out.
            inherited = _events[at];
        }
        else
        {
            Grow();
            Count++;
        }

        (_keys[at], _events[at], _scales[at], _isNew[at]) = (key.Key, inherited + key.Target, scale, true);
        main.CopyTo(Of(at));
    }

    /// <summary>Lets a block fall on every trajectory, <paramref name="keys"/>' events but the first of each taken for successes.</summary>
    public void Step(double mass, in BlockRatios block, IReadOnlyList<KeyCount> keys, ReadOnlySpan<double> ratios, double shift)
    {
        Span<double> own = stackalloc double[Wealth.Size];
        Span<bool> stepped = stackalloc bool[Most];
        stepped.Clear();
        for (var i = 0; i < keys.Count; i++)
        {
            var at = Keys.IndexOf(keys[i].Key);
            if (at >= 0 && keys[i].Target > 0)
            {
                var ownShift = block.Without(keys[i].Target - (_isNew[at] ? 1 : 0), own);
                Wealth.Step(Of(at), ref _scales[at], mass, own, ownShift);
                stepped[at] = true;
                _isNew[at] = false;
            }
        }

        for (var i = 0; i < Count; i++)
        {
            if (!stepped[i])
            {
                Wealth.Step(Of(i), ref _scales[i], mass, ratios, shift);
            }
        }
    }

    private int Lightest()
    {
        var lightest = 0;
        for (var i = 1; i < Most; i++)
        {
            lightest = _events[i] < _events[lightest] ? i : lightest;
        }

        return lightest;
    }

    private void Grow()
    {
        if ((Count + 1) * Wealth.Size > _wealth.Length)
        {
            Array.Resize(ref _wealth, Math.Min(Most, Math.Max(4, Count * 2)) * Wealth.Size);
        }
    }
}
