using System.Buffers;
using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;

namespace ModelMigrate.Providers.Anthropic;

/// <summary>Writes a chat request in the messages protocol.</summary>
internal static class AnthropicRequestWriter
{
    /// <summary>The protocol demands a limit; this one is sent when neither the client nor the catalog names one.</summary>
    public const int DefaultMaxTokens = 4096;

    public static ReadOnlyMemory<byte> Write(ModelSnapshot model, ChatRequest request, bool stream)
    {
        var bytes = new ArrayBufferWriter<byte>(1024);
        using var json = new Utf8JsonWriter(bytes);
        json.WriteStartObject();
        json.WriteString("model"u8, model.Name);
        json.WriteNumber("max_tokens"u8, request.MaxTokens ?? model.MaxOutputTokens ?? DefaultMaxTokens);
        WriteSystem(json, request.System);
        WriteMessages(json, request.Turns);
        if (request.Stop.Count > 0)
        {
            json.WriteStartArray("stop_sequences"u8);
            foreach (var stop in request.Stop)
            {
                json.WriteStringValue(stop);
            }

            json.WriteEndArray();
        }

        if (request.Temperature is { } temperature)
        {
            json.WriteNumber("temperature"u8, Math.Clamp(temperature, 0, 1));
        }

        if (request.TopP is { } topP)
        {
            json.WriteNumber("top_p"u8, topP);
        }

        if (request.User is { } user)
        {
            json.WriteStartObject("metadata"u8);
            json.WriteString("user_id"u8, user);
            json.WriteEndObject();
        }

        if (stream)
        {
            json.WriteBoolean("stream"u8, value: true);
        }

        json.WriteEndObject();
        json.Flush();
        return bytes.WrittenMemory;
    }

    private static void WriteSystem(Utf8JsonWriter json, IReadOnlyList<string> system)
    {
        if (system.Count == 1)
        {
            json.WriteString("system"u8, system[0]);
        }
        else if (system.Count > 1)
        {
            json.WriteStartArray("system"u8);
            foreach (var text in system)
            {
                WriteText(json, text);
            }

            json.WriteEndArray();
        }
    }

    private static void WriteMessages(Utf8JsonWriter json, IReadOnlyList<ChatTurn> turns)
    {
        json.WriteStartArray("messages"u8);
        foreach (var turn in turns)
        {
            json.WriteStartObject();
            json.WriteString("role"u8, turn.Role switch
            {
                ChatRole.User => "user"u8,
                ChatRole.Assistant => "assistant"u8,
                _ => throw new InvalidOperationException($"No role for {turn.Role}."),
            });
            json.WriteStartArray("content"u8);
            foreach (var part in turn.Parts)
            {
                WriteText(json, part is TextPart text ? text.Text : throw new NotSupportedException(part.GetType().Name));
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteText(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "text"u8);
        json.WriteString("text"u8, text);
        json.WriteEndObject();
    }
}
