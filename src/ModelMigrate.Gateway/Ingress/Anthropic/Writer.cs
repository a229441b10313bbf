using System.Buffers;
using System.Text.Json;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Parts;

namespace ModelMigrate.Gateway.Ingress.Anthropic;

/// <summary>Writes a whole answer as a message.</summary>
internal static class Writer
{
    public static void Write(IBufferWriter<byte> into, ChatResult result)
    {
        using var json = new Utf8JsonWriter(into, OpenAi.Wire.Options);
        json.WriteStartObject();
        json.WriteString("id"u8, result.Id);
        json.WriteString("type"u8, "message"u8);
        json.WriteString("role"u8, "assistant"u8);
        json.WriteString("model"u8, result.Model);
        json.WriteStartArray("content"u8);
        foreach (var part in result.Parts)
        {
            WriteBlock(json, part);
        }

        json.WriteEndArray();
        Wire.WriteStop(json, result.Finish, result.StopText);
        Wire.WriteUsage(json, result.Usage ?? default);
        json.WriteEndObject();
        json.Flush();
    }

    private static void WriteBlock(Utf8JsonWriter json, ChatPart part)
    {
        switch (part)
        {
            case TextPart { Text: var text }:
                WriteText(json, text);
                break;
            case RefusalPart { Text: var text }:
                WriteText(json, text);
                break;
            case ThinkingPart thinking:
                WriteThinking(json, thinking);
                break;
            case ToolCallPart call:
                json.WriteStartObject();
                json.WriteString("type"u8, "tool_use"u8);
                json.WriteString("id"u8, call.Id);
                json.WriteString("name"u8, call.Name);
                json.WritePropertyName("input"u8);
                json.WriteRawValue(call.ArgumentsObject(out _), skipInputValidation: true);
                json.WriteEndObject();
                break;
            default:
                throw new NotSupportedException(part.GetType().Name);
        }
    }

    private static void WriteText(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "text"u8);
        json.WriteString("text"u8, text);
        json.WriteEndObject();
    }

    private static void WriteThinking(Utf8JsonWriter json, ThinkingPart thinking)
    {
        json.WriteStartObject();
        if (thinking.State is { IsRedacted: true } redacted)
        {
            json.WriteString("type"u8, "redacted_thinking"u8);
            json.WriteString("data"u8, redacted.Tagged);
        }
        else
        {
            json.WriteString("type"u8, "thinking"u8);
            json.WriteString("thinking"u8, thinking.Text);
            json.WriteString("signature"u8, thinking.State?.Tagged ?? OpaqueState.Lost);
        }

        json.WriteEndObject();
    }
}
