using System.Text.Json;
using System.Text.Json.Serialization;
using ModelMigrate.Core.Observing.Blocks;

namespace ModelMigrate.Core.Observing.Signals;

/// <summary>Writes a table of pairs as its cells that hold some.</summary>
public sealed class PairTableConverter : JsonConverter<PairTable>
{
    public override PairTable Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        PairTable.Of(SparseCounts.Read(ref reader, PairTable.Size, "A table of pairs"));

    public override void Write(Utf8JsonWriter writer, PairTable value, JsonSerializerOptions options) => value.Write(writer);
}
