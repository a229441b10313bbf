namespace ModelMigrate.Control.Evaluation.Datasets;

/// <summary>
/// Counts how often each hash came: eight bytes a row in open addressing, and a few more only for those that came again, so that a million rows need
/// some 16 MB. Owned by one reading.
/// </summary>
internal sealed class SeenHashes
{
    private readonly Dictionary<ulong, int> _again = [];
    private ulong[] _slots = new ulong[1024];
    private int _count;

    /// <summary>How often it came before.</summary>
    public int Add(ulong hash)
    {
        hash = hash == 0 ? 1 : hash;
        if (Take(_slots, hash))
        {
            if (++_count > _slots.Length / 4 * 3)
            {
                Grow();
            }

            return 0;
        }

        return _again[hash] = _again.GetValueOrDefault(hash) + 1;
    }

    /// <summary>Whether it was not there yet.</summary>
    private static bool Take(ulong[] slots, ulong hash)
    {
        var mask = (ulong)slots.Length - 1;
        var at = hash & mask;
        for (; slots[at] != 0; at = (at + 1) & mask)
        {
            if (slots[at] == hash)
            {
                return false;
            }
        }

        slots[at] = hash;
        return true;
    }

    private void Grow()
    {
        var larger = new ulong[_slots.Length * 2];
        foreach (var hash in _slots.Where(static hash => hash != 0))
        {
            Take(larger, hash);
        }

        _slots = larger;
    }
}
