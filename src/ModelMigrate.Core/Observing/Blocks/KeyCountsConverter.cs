using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ModelMigrate.Core.Observing.Blocks;

/// <summary>Writes key counts as base64 of (key, source, target), little-endian: blocks are stored by the ten thousand.</summary>
public sealed class KeyCountsConverter : JsonConverter<IReadOnlyList<KeyCount>>
{
    private const int Size = sizeof(ulong) + sizeof(int) + sizeof(int);

    public override IReadOnlyList<KeyCount> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var bytes = reader.GetBytesFromBase64();
        if (bytes.Length % Size != 0)
        {
            throw new JsonException("Key counts are base64 of 16-byte entries.");
        }

        var counts = new KeyCount[bytes.Length / Size];
        for (var i = 0; i < counts.Length; i++)
        {
            var entry = bytes.AsSpan(i * Size);
            counts[i] = new KeyCount(
                BinaryPrimitives.ReadUInt64LittleEndian(entry),
                BinaryPrimitives.ReadInt32LittleEndian(entry[sizeof(ulong)..]),
                BinaryPrimitives.ReadInt32LittleEndian(entry[(sizeof(ulong) + sizeof(int))..]));
        }

        return counts;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<KeyCount> value, JsonSerializerOptions options)
    {
        var bytes = new byte[value.Count * Size];
        for (var i = 0; i < value.Count; i++)
        {
            var entry = bytes.AsSpan(i * Size);
            BinaryPrimitives.WriteUInt64LittleEndian(entry, value[i].Key);
            BinaryPrimitives.WriteInt32LittleEndian(entry[sizeof(ulong)..], value[i].Source);
            BinaryPrimitives.WriteInt32LittleEndian(entry[(sizeof(ulong) + sizeof(int))..], value[i].Target);
        }

        writer.WriteBase64StringValue(bytes);
    }
}
