using System.Buffers.Binary;
using System.Numerics;

namespace ModelMigrate.Core.Routing;

/// <summary>
/// Places keys on the line from 0 to a total so that every process agrees. The hash is Murmur3 (x86, 32 bits; A. Appleby,
/// public domain, <c>smhasher</c>), the place is <c>(hash × total) &gt;&gt; 32</c>, which has no modulo bias.
/// </summary>
public static class Bucketing
{
    /// <summary>The seeds of the two halves of <see cref="Identity"/>; fixed, because stored evidence compares identities.</summary>
    private const uint IdentityHigh = 0x6d6f6465, IdentityLow = 0x6c6d6967;

    /// <summary>The key's place among <paramref name="total"/> (1 to 2^31−1), at least 0 and below <paramref name="total"/>.</summary>
    public static int Bucket(ReadOnlySpan<byte> key, uint seed, int total = SplitSnapshot.Total) =>
        (int)(((ulong)Murmur3(key, seed) * (uint)total) >> 32);

    /// <summary>A 64-bit name for the key, the same for every migration: tells keys apart in evidence without keeping their text.</summary>
    public static ulong Identity(ReadOnlySpan<byte> key) =>
        ((ulong)Murmur3(key, IdentityHigh) << 32) | Murmur3(key, IdentityLow);

    /// <summary>Murmur3, x86 variant, 32 bits.</summary>
    public static uint Murmur3(ReadOnlySpan<byte> data, uint seed)
    {
        const uint c1 = 0xcc9e2d51, c2 = 0x1b873593;
        var hash = seed;
        var rest = data;
        while (rest.Length >= 4)
        {
            var word = BinaryPrimitives.ReadUInt32LittleEndian(rest);
            hash ^= BitOperations.RotateLeft(word * c1, 15) * c2;
            hash = BitOperations.RotateLeft(hash, 13) * 5 + 0xe6546b64;
            rest = rest[4..];
        }

        uint tail = 0;
        for (var i = rest.Length - 1; i >= 0; i--)
        {
            tail = (tail << 8) | rest[i];
        }

        hash ^= BitOperations.RotateLeft(tail * c1, 15) * c2;
        hash ^= (uint)data.Length;
        hash = (hash ^ (hash >> 16)) * 0x85ebca6b;
        hash = (hash ^ (hash >> 13)) * 0xc2b2ae35;
        return hash ^ (hash >> 16);
    }
}
