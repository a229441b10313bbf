using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace ModelMigrate.Core.Observing.Blocks;

/// <summary>
/// Counts of numbered cells of which few are used: the cells that hold something, ascending, and how much each holds. Immutable; adding gives a
/// new one, and no order or splitting of the adding changes it.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct SparseCounts
{
    public static readonly SparseCounts Empty = new([], []);

    private const int Size = sizeof(ushort) + sizeof(int);

    private readonly ushort[] _cells;
    private readonly int[] _counts;

    public SparseCounts(ushort[] cells, int[] counts)
    {
        _cells = cells;
        _counts = counts;
        foreach (var count in counts)
        {
            Total += count;
        }
    }

    /// <summary>All that is counted.</summary>
    public long Total { get; }

    public ReadOnlySpan<ushort> Cells => _cells;

    /// <summary>What each of <see cref="Cells"/> holds, above 0.</summary>
    public ReadOnlySpan<int> Counts => _counts;

    /// <summary>Of counts by cell, one entry for each cell there is.</summary>
    public static SparseCounts FromDense(ReadOnlySpan<int> dense)
    {
        var used = dense.Length - dense.Count(0);
        if (used == 0)
        {
            return Empty;
        }

        var cells = new ushort[used];
        var counts = new int[used];
        var i = 0;
        for (var at = 0; at < used; at++, i++)
        {
            i += dense[i..].IndexOfAnyExcept(0);
            cells[at] = (ushort)i;
            counts[at] = dense[i];
        }

        return new SparseCounts(cells, counts);
    }

    /// <summary>Reads what <see cref="Write"/> wrote. Throws when it is not that; <paramref name="what"/> says whose it is.</summary>
    public static SparseCounts Read(ref Utf8JsonReader reader, int cells, string what)
    {
        var bytes = reader.GetBytesFromBase64();
        if (bytes.Length % Size != 0)
        {
            throw new JsonException($"{what} is base64 of 6-byte entries.");
        }

        var dense = new int[cells];
        for (var at = 0; at < bytes.Length; at += Size)
        {
            var cell = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));
            var count = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at + sizeof(ushort)));
            if (cell >= dense.Length || count <= 0)
            {
                throw new JsonException($"{what} has a cell out of range.");
            }

            dense[cell] += count;
        }

        return FromDense(dense);
    }

    /// <summary>Writes base64 of (cell, count), little-endian: blocks are stored by the ten thousand.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        var bytes = new byte[_cells.Length * Size];
        for (var i = 0; i < _cells.Length; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(i * Size), _cells[i]);
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan((i * Size) + sizeof(ushort)), _counts[i]);
        }

        writer.WriteBase64StringValue(bytes);
    }

    /// <summary>Both together: a merge of the two orders.</summary>
    public SparseCounts Add(in SparseCounts other)
    {
        var (theirs, theirCounts) = (other._cells, other._counts);
        var cells = new ushort[_cells.Length + theirs.Length];
        var counts = new int[cells.Length];
        int used = 0, from = 0;
        for (var i = 0; i < theirs.Length; i++)
        {
            // What lies before their cell goes over in one piece: sums have many cells and what is added has few.
            var at = _cells.AsSpan(from).BinarySearch(theirs[i]);
            var piece = at < 0 ? ~at : at;
            _cells.AsSpan(from, piece).CopyTo(cells.AsSpan(used));
            _counts.AsSpan(from, piece).CopyTo(counts.AsSpan(used));
            (used, from) = (used + piece, from + piece);
            cells[used] = theirs[i];
            counts[used++] = theirCounts[i] + (at < 0 ? 0 : _counts[from++]);
        }

        _cells.AsSpan(from).CopyTo(cells.AsSpan(used));
        _counts.AsSpan(from).CopyTo(counts.AsSpan(used));
        used += _cells.Length - from;
        return used == cells.Length ? new SparseCounts(cells, counts) : new SparseCounts(cells[..used], counts[..used]);
    }

    public void AddTo(Span<int> dense)
    {
        for (var i = 0; i < _cells.Length; i++)
        {
            dense[_cells[i]] += _counts[i];
        }
    }
}
