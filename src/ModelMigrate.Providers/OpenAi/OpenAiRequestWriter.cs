using System.Buffers;
using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;

namespace ModelMigrate.Providers.OpenAi;

/// <summary>Writes a chat request in the chat completions protocol.</summary>
internal static class OpenAiRequestWriter
{
    public static ReadOnlyMemory<byte> Write(ModelSnapshot model, ChatRequest request, bool stream)
    {
        var bytes = new ArrayBufferWriter<byte>(1024);
        using var json = new Utf8JsonWriter(bytes);
        json.WriteStartObject();
        json.WriteString("model"u8, model.Name);
        WriteMessages(json, request);
        if (request.MaxTokens is { } maxTokens)
        {
            json.WriteNumber("max_completion_tokens"u8, maxTokens);
        }

        if (request.Stop.Count > 0)
        {
            json.WriteStartArray("stop"u8);
            foreach (var stop in request.Stop)
            {
                json.WriteStringValue(stop);
            }

            json.WriteEndArray();
        }

        if (request.Temperature is { } temperature)
        {
            json.WriteNumber("temperature"u8, temperature);
        }

        if (request.TopP is { } topP)
        {
            json.WriteNumber("top_p"u8, topP);
        }

        if (request.User is { } user)
        {
            json.WriteString("user"u8, user);
        }

        if (stream)
        {
            WriteStream(json, model.Provider.IncludeUsage);
        }

        json.WriteEndObject();
        json.Flush();
        return bytes.WrittenMemory;
    }

    private static void WriteStream(Utf8JsonWriter json, bool includeUsage)
    {
        json.WriteBoolean("stream"u8, value: true);
        if (includeUsage)
        {
            json.WriteStartObject("stream_options"u8);
            json.WriteBoolean("include_usage"u8, value: true);
            json.WriteEndObject();
        }
    }

    private static void WriteMessages(Utf8JsonWriter json, ChatRequest request)
    {
        json.WriteStartArray("messages"u8);
        foreach (var system in request.System)
        {
            json.WriteStartObject();
            json.WriteString("role"u8, "system"u8);
            json.WriteString("content"u8, system);
            json.WriteEndObject();
        }

        foreach (var turn in request.Turns)
        {
            json.WriteStartObject();
            json.WriteString("role"u8, turn.Role switch
            {
                ChatRole.User => "user"u8,
                ChatRole.Assistant => "assistant"u8,
                _ => throw new InvalidOperationException($"No role for {turn.Role}."),
            });
            json.WritePropertyName("content"u8);
            WriteParts(json, turn.Parts);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteParts(Utf8JsonWriter json, IReadOnlyList<ChatPart> parts)
    {
        if (parts is [TextPart only])
        {
            json.WriteStringValue(only.Text);
            return;
        }

        json.WriteStartArray();
        foreach (var part in parts)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "text"u8);
            json.WriteString("text"u8, part is TextPart text ? text.Text : throw new NotSupportedException(part.GetType().Name));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
