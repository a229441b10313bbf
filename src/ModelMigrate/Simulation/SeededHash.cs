using System.Buffers.Binary;

namespace ModelMigrate.Simulation;

/// <summary>A 64-bit hash that is the same in every process: the simulation's only source of chance.</summary>
internal static class SeededHash
{
    /// <summary>The finaliser of SplitMix64 (Steele, Lea, Flood 2014).</summary>
    public static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    public static ulong Mix(ulong a, ulong b) => Mix(Mix(a) ^ b);

    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        var hash = (ulong)bytes.Length;
        while (bytes.Length >= 8)
        {
            hash = Mix(hash, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }

        Span<byte> rest = stackalloc byte[8];
        rest.Clear();
        bytes.CopyTo(rest);
        return Mix(hash, BinaryPrimitives.ReadUInt64LittleEndian(rest));
    }

    /// <summary>A number in [0, 1) with 53 bits.</summary>
    public static double Uniform(ulong hash) => (hash >> 11) * (1.0 / (1UL << 53));

    /// <summary>A standard normal number (Box and Muller 1958).</summary>
    public static double Normal(ulong hash)
    {
        var radius = Math.Sqrt(-2 * Math.Log(1 - Uniform(Mix(hash, 1))));
        return radius * Math.Cos(2 * Math.PI * Uniform(Mix(hash, 2)));
    }
}
