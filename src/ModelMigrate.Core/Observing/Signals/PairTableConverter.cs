using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ModelMigrate.Core.Observing.Signals;

/// <summary>Writes a table of pairs as base64 of (cell, count), little-endian: blocks are stored by the ten thousand.</summary>
public sealed class PairTableConverter : JsonConverter<PairTable>
{
    private const int Size = sizeof(ushort) + sizeof(int);

    public override PairTable Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var bytes = reader.GetBytesFromBase64();
        if (bytes.Length % Size != 0)
        {
            throw new JsonException("A table of pairs is base64 of 6-byte entries.");
        }

        Span<int> dense = stackalloc int[PairTable.Size];
        dense.Clear();
        for (var at = 0; at < bytes.Length; at += Size)
        {
            var cell = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));
            var count = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at + sizeof(ushort)));
            if (cell >= dense.Length || count <= 0)
            {
                throw new JsonException("A table of pairs has a cell out of range.");
            }

            dense[cell] += count;
        }

        return PairTable.FromDense(dense);
    }

    public override void Write(Utf8JsonWriter writer, PairTable value, JsonSerializerOptions options)
    {
        var bytes = new byte[value.Cells.Length * Size];
        for (var i = 0; i < value.Cells.Length; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(i * Size), value.Cells[i]);
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan((i * Size) + sizeof(ushort)), value.Counts[i]);
        }

        writer.WriteBase64StringValue(bytes);
    }
}
