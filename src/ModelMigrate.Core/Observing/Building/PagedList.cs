using System.Buffers;

namespace ModelMigrate.Core.Observing.Building;

/// <summary>
/// A list in pages, for what comes by the thousand each second: it grows without copying, no array of it is large, and what a busy second filled is given
/// back when it is cleared. Not thread-safe.
/// </summary>
internal sealed class PagedList<T>
    where T : unmanaged
{
    /// <summary>Entries of a page, as a power of two: 72 kB of the largest kind, below what the runtime takes for a large object.</summary>
    private const int Bits = 10, Size = 1 << Bits;

    private readonly List<T[]> _pages = [];

    public int Count { get; private set; }

    public ref T this[int index] => ref _pages[index >> Bits][index & (Size - 1)];

    public void Add(in T item)
    {
        if (Count == _pages.Count << Bits)
        {
            _pages.Add(ArrayPool<T>.Shared.Rent(Size));
        }

        this[Count++] = item;
    }

    /// <summary>Makes it as new; one page stays.</summary>
    public void Clear()
    {
        for (var i = 1; i < _pages.Count; i++)
        {
            ArrayPool<T>.Shared.Return(_pages[i]);
        }

        _pages.RemoveRange(Math.Min(1, _pages.Count), Math.Max(0, _pages.Count - 1));
        Count = 0;
    }
}
