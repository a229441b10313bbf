using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ModelMigrate.Providers.OpenAi.Wires;

/// <summary>Reads content that is a text, or the parts that Mistral's reasoning models write: <c>{"type":"text","text":…}</c> beside thinking.</summary>
internal sealed class OpenAiContentConverter : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return reader.GetString();
        }

        using var parts = JsonDocument.ParseValue(ref reader);
        if (parts.RootElement.ValueKind != JsonValueKind.Array)
        {
            throw new JsonException("content is neither text nor parts");
        }

        var text = new StringBuilder();
        foreach (var part in parts.RootElement.EnumerateArray())
        {
            if (part.ValueKind == JsonValueKind.Object && part.TryGetProperty("text"u8, out var piece) && piece.ValueKind == JsonValueKind.String)
            {
                text.Append(piece.GetString());
            }
        }

        return text.ToString();
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
        throw new NotSupportedException("Answers of providers are read, never written.");
}
