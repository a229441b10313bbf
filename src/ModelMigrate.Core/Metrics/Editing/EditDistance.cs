namespace ModelMigrate.Core.Metrics.Editing;

/// <summary>Levenshtein's distance: the fewest insertions, deletions and replacements between two sequences.</summary>
internal static class EditDistance
{
    [ThreadStatic]
    private static ulong[]? t_bits;

    /// <summary>
    /// 64 places of <paramref name="a"/> at a time (Myers 1999, in blocks as Hyyrö 2003). <paramref name="kinds"/>: numbers are below it.
    /// </summary>
    public static int Of(ReadOnlySpan<int> a, ReadOnlySpan<int> b, int kinds)
    {
        if (a.IsEmpty || b.IsEmpty)
        {
            return Math.Max(a.Length, b.Length);
        }

        var blocks = (a.Length + 63) / 64;
        var needed = (kinds + 2) * blocks;
        var bits = t_bits is { } large && large.Length >= needed ? large : t_bits = new ulong[Math.Max(4096, needed)];
        Array.Clear(bits, 0, needed);
        for (var i = 0; i < a.Length; i++)
        {
            bits[(a[i] * blocks) + (i / 64)] |= 1UL << (i % 64);
        }

        // A bit is set where the distance grows by one from a row to the next, or falls by one.
        var grows = bits.AsSpan(kinds * blocks, blocks);
        var falls = bits.AsSpan((kinds + 1) * blocks, blocks);
        grows.Fill(ulong.MaxValue);
        var distance = a.Length;
        var last = 1UL << ((a.Length - 1) % 64);
        foreach (var token in b)
        {
            var matches = bits.AsSpan(token * blocks, blocks);
            // The distance to nothing grows with every token of b.
            var (growsIn, fallsIn) = (1UL, 0UL);
            for (var block = 0; block < blocks; block++)
            {
                var (match, grow, fall) = (matches[block], grows[block], falls[block]);
                var vertical = match | fall;
                match |= fallsIn;
                var diagonal = (((match & grow) + grow) ^ grow) | match;
                var across = fall | ~(diagonal | grow);
                var against = grow & diagonal;
                if (block == blocks - 1)
                {
                    distance += (across & last) != 0 ? 1 : (against & last) != 0 ? -1 : 0;
                }

                var (growsOut, fallsOut) = (across >> 63, against >> 63);
                across = (across << 1) | growsIn;
                against = (against << 1) | fallsIn;
                grows[block] = against | ~(vertical | across);
                falls[block] = across & vertical;
                (growsIn, fallsIn) = (growsOut, fallsOut);
            }
        }

        return distance;
    }
}
