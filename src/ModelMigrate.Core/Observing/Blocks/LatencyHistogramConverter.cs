using System.Text.Json;
using System.Text.Json.Serialization;

namespace ModelMigrate.Core.Observing.Blocks;

/// <summary>Writes a histogram as its buckets that hold something.</summary>
public sealed class LatencyHistogramConverter : JsonConverter<LatencyHistogram>
{
    public override LatencyHistogram Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        LatencyHistogram.Of(SparseCounts.Read(ref reader, LatencyHistogram.Buckets, "A latency histogram"));

    public override void Write(Utf8JsonWriter writer, LatencyHistogram value, JsonSerializerOptions options) => value.Write(writer);
}
