using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ModelMigrate.Core.Observing.Blocks;

/// <summary>Writes a histogram as base64 of (bucket, count) pairs, little-endian: blocks are stored by the ten thousand.</summary>
public sealed class LatencyHistogramConverter : JsonConverter<LatencyHistogram>
{
    private const int Size = sizeof(ushort) + sizeof(int);

    public override LatencyHistogram Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var bytes = reader.GetBytesFromBase64();
        if (bytes.Length % Size != 0)
        {
            throw new JsonException("A latency histogram is base64 of 6-byte entries.");
        }

        var dense = new int[LatencyHistogram.Buckets];
        for (var at = 0; at < bytes.Length; at += Size)
        {
            var index = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));
            var count = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at + sizeof(ushort)));
            if (index >= dense.Length || count <= 0)
            {
                throw new JsonException("A latency histogram has a bucket out of range.");
            }

            dense[index] += count;
        }

        return LatencyHistogram.FromDense(dense);
    }

    public override void Write(Utf8JsonWriter writer, LatencyHistogram value, JsonSerializerOptions options)
    {
        var bytes = new byte[value.Indexes.Length * Size];
        for (var i = 0; i < value.Indexes.Length; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(i * Size), value.Indexes[i]);
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan((i * Size) + sizeof(ushort)), value.Counts[i]);
        }

        writer.WriteBase64StringValue(bytes);
    }
}
