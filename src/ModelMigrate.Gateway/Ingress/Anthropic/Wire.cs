using System.Buffers;
using System.Globalization;
using System.Text.Json;
using ModelMigrate.Core.Chat;

namespace ModelMigrate.Gateway.Ingress.Anthropic;

/// <summary>The names and small shapes of the messages protocol that more than one writer uses.</summary>
internal static class Wire
{
    public static ReadOnlySpan<byte> EventEnd => "\n\n"u8;

    public static ReadOnlySpan<byte> StopEvent => "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"u8;

    public static ReadOnlySpan<byte> NameOf(FinishReason finish) => finish switch
    {
        FinishReason.Stop => "end_turn"u8,
        FinishReason.StopText => "stop_sequence"u8,
        FinishReason.Length => "max_tokens"u8,
        FinishReason.ToolCalls => "tool_use"u8,
        FinishReason.ContentFilter => "refusal"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(finish), finish, null),
    };

    /// <summary>Begins an event; its data follow.</summary>
    public static void BeginEvent(IBufferWriter<byte> into, ReadOnlySpan<byte> name)
    {
        into.Write("event: "u8);
        into.Write(name);
        into.Write("\ndata: "u8);
    }

    /// <summary>This protocol counts fresh, cache-written and cache-read input apart.</summary>
    public static void WriteUsage(Utf8JsonWriter json, Usage usage)
    {
        json.WriteStartObject("usage"u8);
        json.WriteNumber("input_tokens"u8, Math.Max(0, usage.InputTokens - usage.CachedInputTokens - usage.CacheWriteTokens));
        json.WriteNumber("cache_creation_input_tokens"u8, usage.CacheWriteTokens);
        json.WriteNumber("cache_read_input_tokens"u8, usage.CachedInputTokens);
        json.WriteNumber("output_tokens"u8, usage.OutputTokens);
        json.WriteEndObject();
    }

    public static void WriteStop(Utf8JsonWriter json, FinishReason finish, string? stopText)
    {
        json.WriteString("stop_reason"u8, NameOf(finish));
        if (finish == FinishReason.StopText && stopText is not null)
        {
            json.WriteString("stop_sequence"u8, stopText);
        }
        else
        {
            json.WriteNull("stop_sequence"u8);
        }
    }

    public static void WriteModels(Utf8JsonWriter json, IReadOnlyList<string> routes, DateTimeOffset at)
    {
        json.WriteStartObject();
        json.WriteStartArray("data"u8);
        foreach (var route in routes)
        {
            WriteModel(json, route, at);
        }

        json.WriteEndArray();
        json.WriteBoolean("has_more"u8, value: false);
        WriteTextOrNull(json, "first_id"u8, routes.Count == 0 ? null : routes[0]);
        WriteTextOrNull(json, "last_id"u8, routes.Count == 0 ? null : routes[^1]);
        json.WriteEndObject();
    }

    public static void WriteModel(Utf8JsonWriter json, string route, DateTimeOffset at)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "model"u8);
        json.WriteString("id"u8, route);
        json.WriteString("display_name"u8, route);
        json.WriteString("created_at"u8, at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        json.WriteEndObject();
    }

    public static void WriteError(Utf8JsonWriter json, string message, string type, string? code, string requestId)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "error"u8);
        json.WriteStartObject("error"u8);
        json.WriteString("type"u8, type);
        json.WriteString("message"u8, message);
        if (code is not null)
        {
            json.WriteString("code"u8, code);
        }

        json.WriteEndObject();
        json.WriteString("request_id"u8, requestId);
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
