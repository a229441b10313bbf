using System.Text.Json;
using System.Text.Json.Serialization;

namespace ModelMigrate.Providers.OpenAi.Wires;

/// <summary>Reads an error that is an object, or the text alone that TGI and LM Studio write.</summary>
internal sealed class OpenAiFailureConverter : JsonConverter<OpenAiWire.Failure>
{
    public override OpenAiWire.Failure? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String
            ? new OpenAiWire.Failure { Message = reader.GetString() }
            : JsonSerializer.Deserialize(ref reader, OpenAiJson.Default.Failure);

    public override void Write(Utf8JsonWriter writer, OpenAiWire.Failure value, JsonSerializerOptions options) =>
        throw new NotSupportedException("Answers of providers are read, never written.");
}
