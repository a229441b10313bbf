using System.Buffers;
using System.Text.Json;
using ModelMigrate.Core.Chat;

namespace ModelMigrate.Gateway.Ingress.OpenAi;

/// <summary>Writes a whole answer as a chat completion.</summary>
internal static class Writer
{
    public static void Write(IBufferWriter<byte> into, ChatResult result, DateTimeOffset now)
    {
        using var json = new Utf8JsonWriter(into, Wire.Options);
        json.WriteStartObject();
        json.WriteString("id"u8, result.Id);
        json.WriteString("object"u8, "chat.completion"u8);
        json.WriteNumber("created"u8, now.ToUnixTimeSeconds());
        json.WriteString("model"u8, result.Model);
        json.WriteStartArray("choices"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, 0);
        json.WriteStartObject("message"u8);
        json.WriteString("role"u8, "assistant"u8);
        json.WriteString("content"u8, result.Text);
        json.WriteNull("refusal"u8);
        json.WriteEndObject();
        json.WriteNull("logprobs"u8);
        json.WriteString("finish_reason"u8, Wire.NameOf(result.Finish));
        json.WriteEndObject();
        json.WriteEndArray();
        if (result.Usage is { } usage)
        {
            Wire.WriteUsage(json, usage);
        }

        json.WriteEndObject();
        json.Flush();
    }
}
