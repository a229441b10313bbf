using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ModelMigrate.Core.Judging.Processes;

/// <summary>Writes numbers as base64 of their bits, little-endian: exact, short, and infinities need no special name.</summary>
public sealed class DoublesConverter : JsonConverter<double[]>
{
    public override double[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var bytes = reader.GetBytesFromBase64();
        if (bytes.Length % sizeof(double) != 0)
        {
            throw new JsonException("Numbers are base64 of 8-byte entries.");
        }

        var values = new double[bytes.Length / sizeof(double)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(i * sizeof(double)));
        }

        return values;
    }

    public override void Write(Utf8JsonWriter writer, double[] value, JsonSerializerOptions options)
    {
        var bytes = new byte[value.Length * sizeof(double)];
        for (var i = 0; i < value.Length; i++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(i * sizeof(double)), value[i]);
        }

        writer.WriteBase64StringValue(bytes);
    }
}
