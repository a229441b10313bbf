using ModelMigrate.Core.Observing.Blocks;

namespace ModelMigrate.Core.Observing.Building;

/// <summary>Counts numbered cells of which few are used, ready to be read as <see cref="SparseCounts"/> at any time. Its memory is used again.</summary>
internal sealed class CellCounter
{
    private ushort[] _cells = new ushort[8];
    private int[] _counts = new int[8];
    private int _used;

    public void Add(ushort cell)
    {
        var at = _cells.AsSpan(0, _used).BinarySearch(cell);
        if (at >= 0)
        {
            _counts[at]++;
            return;
        }

        if (_used == _cells.Length)
        {
            Array.Resize(ref _cells, 2 * _used);
            Array.Resize(ref _counts, 2 * _used);
        }

        at = ~at;
        _cells.AsSpan(at, _used - at).CopyTo(_cells.AsSpan(at + 1));
        _counts.AsSpan(at, _used - at).CopyTo(_counts.AsSpan(at + 1));
        (_cells[at], _counts[at]) = (cell, 1);
        _used++;
    }

    /// <summary>What was counted since it was cleared.</summary>
    public SparseCounts Read() => _used == 0 ? SparseCounts.Empty : new SparseCounts(_cells[.._used], _counts[.._used]);

    public void Clear() => _used = 0;
}
