using ModelMigrate.Core.Judging.Processes;
using ModelMigrate.Core.Observing.Signals;

namespace ModelMigrate.Core.Judging.Harm;

/// <summary>The wealth of a pair process as it would be had one key never brought a pair, for each of the keys that brought the most.</summary>
internal sealed class PairKeyWealths
{
    /// <summary>Keys followed at most; the one with the fewest pairs makes room.</summary>
    public const int Most = 64;

    private readonly List<Entry> _entries = [];

    public PairKeyWealths(IReadOnlyList<KeyTrajectory> state)
    {
        foreach (var each in state.Take(Most).Where(static k => k.Wealth.Length == PairBet.Size))
        {
            _entries.Add(new Entry(each.Key, each.Events, (double[])each.Wealth.Clone(), each.Scale));
        }
    }

    public IReadOnlyList<KeyTrajectory> Snapshot() =>
        [.. _entries.Select(e => new KeyTrajectory { Key = e.Key, Events = e.Pairs, Wealth = (double[])e.Wealth.Clone(), Scale = e.Scale })];

    /// <summary>The least ln E over the keys, infinite without any.</summary>
    public double Least(double outside)
    {
        var least = double.PositiveInfinity;
        foreach (var entry in _entries)
        {
            least = Math.Min(least, Wealth.Log(entry.Wealth, entry.Scale, outside));
        }

        return least;
    }

    /// <summary>Counts a key's pairs. Its first start its wealth from the main one, which until then is the same.</summary>
    public void Follow(KeyPairs key, ReadOnlySpan<double> main, double scale)
    {
        if (Find(key.Key) is { } known)
        {
            known.Pairs += key.Table.Count;
            return;
        }

        if (_entries.Count < Most)
        {
            _entries.Add(new Entry(key.Key, key.Table.Count, main.ToArray(), scale));
            return;
        }

        // Space-Saving: the newcomer inherits the count that it replaces, so that a heavy key cannot be kept out.
        var lightest = _entries[0];
        foreach (var entry in _entries)
        {
            lightest = entry.Pairs < lightest.Pairs ? entry : lightest;
        }

        lightest.Restart(key.Key, lightest.Pairs + key.Table.Count, main, scale);
    }

    /// <summary>Lets a block fall on every wealth, each without its own key's pairs.</summary>
    public void Step(PairBet bet, double mass, IReadOnlyList<KeyPairs> keys, ReadOnlySpan<double> logs, ReadOnlySpan<double> factors, double shift)
    {
        Span<double> own = stackalloc double[PairBet.Size];
        foreach (var entry in _entries)
        {
            var without = PairsOf(keys, entry.Key);
            if (without is null)
            {
                entry.Step(mass, factors, shift);
                continue;
            }

            bet.LogFactors(without.Cells, without.Counts, own);
            for (var j = 0; j < own.Length; j++)
            {
                own[j] = logs[j] - own[j];
            }

            entry.Step(mass, own, Wealth.Exponentials(own, own));
        }
    }

    private static PairTable? PairsOf(IReadOnlyList<KeyPairs> keys, ulong key)
    {
        for (var i = 0; i < keys.Count; i++)
        {
            if (keys[i].Key == key)
            {
                return keys[i].Table;
            }
        }

        return null;
    }

    private Entry? Find(ulong key)
    {
        foreach (var entry in _entries)
        {
            if (entry.Key == key)
            {
                return entry;
            }
        }

        return null;
    }

    private sealed class Entry(ulong key, long pairs, double[] wealth, double scale)
    {
        private double _scale = scale;

        public ulong Key { get; private set; } = key;

        public long Pairs { get; set; } = pairs;

        public double[] Wealth => wealth;

        public double Scale => _scale;

        public void Step(double mass, ReadOnlySpan<double> factors, double shift) => Harm.Wealth.Step(wealth, ref _scale, mass, factors, shift);

        public void Restart(ulong next, long count, ReadOnlySpan<double> main, double mainScale)
        {
            (Key, Pairs, _scale) = (next, count, mainScale);
            main.CopyTo(wealth);
        }
    }
}
