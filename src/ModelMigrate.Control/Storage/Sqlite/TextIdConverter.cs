using System.Text.Json;
using System.Text.Json.Serialization;

namespace ModelMigrate.Control.Storage.Sqlite;

/// <summary>Writes an id type as its plain text.</summary>
internal sealed class TextIdConverter<T>(Func<string, T> make, Func<T, string> text) : JsonConverter<T>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        make(reader.GetString() ?? throw new JsonException("An id is text."));

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(text(value));
}
