using System.Runtime.InteropServices;
using ModelMigrate.Core.Judging.Processes;
using ModelMigrate.Core.Observing.Blocks;

namespace ModelMigrate.Core.Judging.Harm;

/// <summary>One gate's view of the blocks that are still open, kept between looks. Side by side, as a harm process reads them.</summary>
internal sealed class OpenEvents
{
    private readonly List<EventBlock> _blocks = [];
    private readonly List<double> _shares = [];
    private readonly List<IReadOnlyList<KeyCount>> _keys = [];

    public int Count => _blocks.Count;

    public ReadOnlySpan<EventBlock> Blocks => CollectionsMarshal.AsSpan(_blocks);

    public ReadOnlySpan<double> Shares => CollectionsMarshal.AsSpan(_shares);

    public ReadOnlySpan<IReadOnlyList<KeyCount>> Keys => CollectionsMarshal.AsSpan(_keys);

    public KeyedBlock this[int index] => new(_blocks[index], _shares[index], _keys[index]);

    public void Resize(int count)
    {
        CollectionsMarshal.SetCount(_blocks, count);
        CollectionsMarshal.SetCount(_shares, count);
        CollectionsMarshal.SetCount(_keys, count);
    }

    public void Set(int index, in KeyedBlock block) => (_blocks[index], _shares[index], _keys[index]) = (block.Events, block.Share, block.Keys);

    public bool IsSame(OpenEvents other) => Blocks.SequenceEqual(other.Blocks) && Shares.SequenceEqual(other.Shares);

    /// <summary>Whether some block has exposure in both arms.</summary>
    public bool Compares()
    {
        foreach (ref readonly var block in Blocks)
        {
            if (block.Compares)
            {
                return true;
            }
        }

        return false;
    }
}
