namespace ModelMigrate.Providers.Bedrock;

/// <summary>CRC-32 as in gzip and Ethernet: polynomial 0x04C11DB7, reflected (IEEE 802.3).</summary>
internal static class Crc32
{
    private const uint Reflected = 0xEDB88320;

    private static readonly uint[] s_table = Table();

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc = (crc >> 8) ^ s_table[(byte)crc ^ b];
        }

        return ~crc;
    }

    private static uint[] Table()
    {
        var table = new uint[256];
        for (var i = 0u; i < table.Length; i++)
        {
            var value = i;
            for (var bit = 0; bit < 8; bit++)
            {
                value = (value & 1) == 0 ? value >> 1 : (value >> 1) ^ Reflected;
            }

            table[i] = value;
        }

        return table;
    }
}
