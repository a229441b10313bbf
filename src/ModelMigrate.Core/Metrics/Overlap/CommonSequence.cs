using System.Numerics;
using ModelMigrate.Core.Metrics.Tokenizing;

namespace ModelMigrate.Core.Metrics.Overlap;

/// <summary>Longest common subsequences of tokens.</summary>
internal static class CommonSequence
{
    [ThreadStatic]
    private static NumberList? t_table;

    [ThreadStatic]
    private static ulong[]? t_bits;

    /// <summary>
    /// Its length, 64 tokens of <paramref name="a"/> at a time: bit i of a row is clear where the length grows at i (Hyyrö, "Bit-parallel LCS-length computation
    /// revisited", 2004). <paramref name="kinds"/>: tokens are below it.
    /// </summary>
    public static int Length(ReadOnlySpan<int> a, ReadOnlySpan<int> b, int kinds)
    {
        if (a.IsEmpty || b.IsEmpty)
        {
            return 0;
        }

        var blocks = (a.Length + 63) / 64;
        var bits = t_bits is { } large && large.Length >= (kinds + 1) * blocks ? large : t_bits = new ulong[Math.Max(4096, (kinds + 1) * blocks)];
        Array.Clear(bits, 0, (kinds + 1) * blocks);
        for (var i = 0; i < a.Length; i++)
        {
            bits[(a[i] * blocks) + (i / 64)] |= 1UL << (i % 64);
        }

        var row = bits.AsSpan(kinds * blocks, blocks);
        row.Fill(ulong.MaxValue);
        foreach (var token in b)
        {
            var matches = bits.AsSpan(token * blocks, blocks);
            var carry = 0UL;
            for (var block = 0; block < blocks; block++)
            {
                var v = row[block];
                var u = v & matches[block];
                var sum = v + u + carry;
                // Out of the top when the sum is smaller than what was added to it.
                carry = sum < v || (carry == 1 && sum == v) ? 1UL : 0UL;
                row[block] = sum | (v - u);
            }
        }

        var length = 0;
        for (var block = 0; block < blocks; block++)
        {
            var inside = block == blocks - 1 && a.Length % 64 != 0 ? (1UL << (a.Length % 64)) - 1 : ulong.MaxValue;
            length += BitOperations.PopCount(~row[block] & inside);
        }

        return length;
    }

    /// <summary>Marks the tokens of <paramref name="reference"/> in one of them: the one that rouge_score reads out of the table, from its end.</summary>
    public static void Mark(ReadOnlySpan<int> reference, ReadOnlySpan<int> answer, Span<int> marked)
    {
        var width = answer.Length + 1;
        var table = (t_table ??= new NumberList()).Zeroes((reference.Length + 1) * width);
        for (var i = 1; i <= reference.Length; i++)
        {
            for (var j = 1; j <= answer.Length; j++)
            {
                table[(i * width) + j] = reference[i - 1] == answer[j - 1]
                    ? table[((i - 1) * width) + j - 1] + 1
                    : Math.Max(table[((i - 1) * width) + j], table[(i * width) + j - 1]);
            }
        }

        for (var (i, j) = (reference.Length, answer.Length); i > 0 && j > 0;)
        {
            if (reference[i - 1] == answer[j - 1])
            {
                marked[i - 1] = 1;
                (i, j) = (i - 1, j - 1);
            }
            else if (table[(i * width) + j - 1] > table[((i - 1) * width) + j])
            {
                j--;
            }
            else
            {
                i--;
            }
        }
    }
}
