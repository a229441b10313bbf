namespace ModelMigrate.Core.Observing.Building;

/// <summary>
/// The keys with the most of something, by the Space-Saving sketch (Metwally, Agrawal and El Abbadi 2005): a newcomer takes the lightest key's
/// place and inherits its count, so that a heavy key cannot be kept out; no count is too large by more than the total over the places.
/// </summary>
internal sealed class SpaceSaving(int most)
{
    private readonly ulong[] _keys = new ulong[most];
    private readonly long[] _counts = new long[most];

    /// <summary>Places in use.</summary>
    public int Count { get; private set; }

    public ReadOnlySpan<ulong> Keys => _keys.AsSpan(0, Count);

    /// <summary>At least what the key at a place has.</summary>
    public long CountAt(int index) => _counts[index];

    /// <summary>A key's place, or −1.</summary>
    public int Find(ulong key) => Keys.IndexOf(key);

    /// <summary>Counts for a key and answers its place; <paramref name="inherited"/> is what a newcomer took over, or −1 when the key had the place.</summary>
    public int Add(ulong key, long count, out long inherited)
    {
        var at = Find(key);
        if (at >= 0)
        {
            _counts[at] += count;
            inherited = -1;
            return at;
        }

        at = Count < most ? Count++ : Lightest();
        inherited = _counts[at];
        (_keys[at], _counts[at]) = (key, inherited + count);
        return at;
    }

    private int Lightest()
    {
        var lightest = 0;
        for (var i = 1; i < Count; i++)
        {
            lightest = _counts[i] < _counts[lightest] ? i : lightest;
        }

        return lightest;
    }
}
