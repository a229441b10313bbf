using ModelMigrate.Core.Observing.Building;

namespace ModelMigrate.Core.Judging.Harm;

/// <summary>
/// A harm process as it would be without each of the heaviest keys, side by side in memory: a block without a key costs that key one
/// multiplication a bet. A block is <see cref="StepOwn"/> for the keys in it, then <see cref="StepOthers"/>.
/// </summary>
/// <param name="size">Bets of the process.</param>
internal sealed class KeyWealths(int size)
{
    /// <summary>Keys followed at most; the lightest makes room.</summary>
    public const int Most = 64;

    private readonly SpaceSaving _keys = new(Most);
    private readonly double[] _scales = new double[Most];
    private readonly bool[] _isNew = new bool[Most];
    private readonly bool[] _stepped = new bool[Most];
    private double[] _wealth = [];

    /// <summary>Those of <paramref name="state"/> that are of as many bets.</summary>
    public KeyWealths(int size, IReadOnlyList<KeyTrajectory> state)
        : this(size)
    {
        foreach (var each in state.Take(Most).Where(k => k.Wealth.Length == size))
        {
            var at = _keys.Add(each.Key, each.Events, out _);
            Grow();
            _scales[at] = each.Scale;
            each.Wealth.CopyTo(Of(at));
        }
    }

    public int Count => _keys.Count;

    public ReadOnlySpan<ulong> Keys => _keys.Keys;

    public long EventsAt(int index) => _keys.CountAt(index);

    public double ScaleAt(int index) => _scales[index];

    public Span<double> Of(int index) => _wealth.AsSpan(index * size, size);

    /// <summary>A key's place, or −1.</summary>
    public int Find(ulong key) => _keys.Find(key);

    public IReadOnlyList<KeyTrajectory> Snapshot()
    {
        var state = new KeyTrajectory[Count];
        for (var i = 0; i < Count; i++)
        {
            state[i] = new KeyTrajectory { Key = Keys[i], Events = EventsAt(i), Wealth = Of(i).ToArray(), Scale = _scales[i] };
        }

        return state;
    }

    /// <summary>Counts a key's events or pairs. Its first start its trajectory from the main one, which until then is the same.</summary>
    public void Follow(ulong key, long count, ReadOnlySpan<double> main, double scale)
    {
        if (count <= 0)
        {
            return;
        }

        var at = _keys.Add(key, count, out var inherited);
        if (inherited < 0)
        {
            return;
        }

        Grow();
        (_scales[at], _isNew[at]) = (scale, true);
        main.CopyTo(Of(at));
    }

    /// <summary>Whether nothing of the key at a place has been left out yet; asked once.</summary>
    public bool TakeNew(int index)
    {
        var isNew = _isNew[index];
        _isNew[index] = false;
        return isNew;
    }

    /// <summary>Lets a block fall on one key's wealth, as it is without that key.</summary>
    public void StepOwn(int index, double mass, ReadOnlySpan<double> ratios, double shift)
    {
        Wealth.Step(Of(index), ref _scales[index], mass, ratios, shift);
        _stepped[index] = true;
    }

    /// <summary>Lets it fall whole on all others.</summary>
    public void StepOthers(double mass, ReadOnlySpan<double> ratios, double shift)
    {
        for (var i = 0; i < Count; i++)
        {
            if (!_stepped[i])
            {
                Wealth.Step(Of(i), ref _scales[i], mass, ratios, shift);
            }

            _stepped[i] = false;
        }
    }

    private void Grow()
    {
        if (Count * size > _wealth.Length)
        {
            Array.Resize(ref _wealth, Math.Min(Most, Math.Max(4, Count * 2)) * size);
        }
    }
}
