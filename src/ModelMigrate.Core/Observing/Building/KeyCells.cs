using ModelMigrate.Core.Observing.Signals;

namespace ModelMigrate.Core.Observing.Building;

/// <summary>Which key brought which pairs of one block, of which only the heaviest keys are kept. Made once and cleared for the next block.</summary>
internal sealed class KeyCells
{
    /// <summary>Keys that a block lists at most; in a small block all of them.</summary>
    private const int Most = 16;

    private readonly List<(ulong Key, ushort Cell)> _pairs = [];
    private readonly List<(int Start, int Length)> _runs = [];

    public void Add(ulong key, ushort cell) => _pairs.Add((key, cell));

    public void Clear() => _pairs.Clear();

    /// <summary>The keys with the most pairs; ties by key, so that the order is one.</summary>
    public KeyPairs[] Heaviest()
    {
        _pairs.Sort(static (a, b) => a.Key.CompareTo(b.Key));
        _runs.Clear();
        for (var at = 0; at < _pairs.Count;)
        {
            var start = at;
            while (at < _pairs.Count && _pairs[at].Key == _pairs[start].Key)
            {
                at++;
            }

            _runs.Add((start, at - start));
        }

        _runs.Sort(static (a, b) => a.Length != b.Length ? b.Length.CompareTo(a.Length) : a.Start.CompareTo(b.Start));
        var heaviest = new KeyPairs[Math.Min(Most, _runs.Count)];
        for (var i = 0; i < heaviest.Length; i++)
        {
            var (start, length) = _runs[i];
            var cells = new ushort[length];
            for (var at = 0; at < length; at++)
            {
                cells[at] = _pairs[start + at].Cell;
            }

            heaviest[i] = new KeyPairs(_pairs[start].Key) { Table = PairTable.FromPairs(cells) };
        }

        return heaviest;
    }
}
