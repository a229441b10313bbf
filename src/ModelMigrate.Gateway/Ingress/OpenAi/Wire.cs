using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using ModelMigrate.Core.Chat;

namespace ModelMigrate.Gateway.Ingress.OpenAi;

/// <summary>The names and small shapes of the chat completions protocol that more than one writer uses.</summary>
internal static class Wire
{
    public const string Json = "application/json";
    public const string EventStream = "text/event-stream";

    /// <summary>Text stays readable; the bytes are JSON, never HTML.</summary>
    public static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static ReadOnlySpan<byte> DataPrefix => "data: "u8;

    public static ReadOnlySpan<byte> EventEnd => "\n\n"u8;

    public static ReadOnlySpan<byte> Done => "data: [DONE]\n\n"u8;

    public static ReadOnlySpan<byte> NameOf(FinishReason finish) => finish switch
    {
        FinishReason.Stop or FinishReason.StopText => "stop"u8,
        FinishReason.Length => "length"u8,
        FinishReason.ToolCalls => "tool_calls"u8,
        FinishReason.ContentFilter => "content_filter"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(finish), finish, null),
    };

    public static void WriteUsage(Utf8JsonWriter json, Usage usage)
    {
        json.WriteStartObject("usage"u8);
        json.WriteNumber("prompt_tokens"u8, usage.InputTokens);
        json.WriteNumber("completion_tokens"u8, usage.OutputTokens);
        json.WriteNumber("total_tokens"u8, usage.InputTokens + usage.OutputTokens);
        json.WriteStartObject("prompt_tokens_details"u8);
        json.WriteNumber("cached_tokens"u8, usage.CachedInputTokens);
        if (usage.CacheWriteTokens > 0)
        {
            json.WriteNumber("cache_write_tokens"u8, usage.CacheWriteTokens);
        }

        json.WriteEndObject();
        if (usage.ReasoningTokens > 0)
        {
            json.WriteStartObject("completion_tokens_details"u8);
            json.WriteNumber("reasoning_tokens"u8, usage.ReasoningTokens);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    /// <summary>Writes the end of an event whose data is <paramref name="json"/>'s object.</summary>
    public static void EndEvent(Utf8JsonWriter json, IBufferWriter<byte> into)
    {
        json.WriteEndObject();
        json.Flush();
        into.Write(EventEnd);
    }

    public static void WriteModels(Utf8JsonWriter json, IReadOnlyList<string> routes, DateTimeOffset at)
    {
        json.WriteStartObject();
        json.WriteString("object"u8, "list"u8);
        json.WriteStartArray("data"u8);
        foreach (var route in routes)
        {
            WriteModel(json, route, at);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static void WriteModel(Utf8JsonWriter json, string route, DateTimeOffset at)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, route);
        json.WriteString("object"u8, "model"u8);
        json.WriteNumber("created"u8, at.ToUnixTimeSeconds());
        json.WriteString("owned_by"u8, "model-migrate"u8);
        json.WriteEndObject();
    }

    public static void WriteError(Utf8JsonWriter json, string message, string type, string? field, string? code)
    {
        json.WriteStartObject();
        json.WriteStartObject("error"u8);
        json.WriteString("message"u8, message);
        json.WriteString("type"u8, type);
        WriteTextOrNull(json, "param"u8, field);
        WriteTextOrNull(json, "code"u8, code);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteTextOrNull(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? text)
    {
        if (text is null)
        {
            json.WriteNull(name);
        }
        else
        {
            json.WriteString(name, text);
        }
    }
}
