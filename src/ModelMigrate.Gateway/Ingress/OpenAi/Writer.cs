using System.Buffers;
using System.Text.Json;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Parts;

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
        WriteMessage(json, result);
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

    private static void WriteMessage(Utf8JsonWriter json, ChatResult result)
    {
        json.WriteString("role"u8, "assistant"u8);
        var calls = result.Parts.OfType<ToolCallPart>().ToList();
        var refusals = string.Concat(result.Parts.OfType<RefusalPart>().Select(p => p.Text));
        var text = result.Text;
        if (text.Length > 0 || (calls.Count == 0 && refusals.Length == 0))
        {
            json.WriteString("content"u8, text);
        }
        else
        {
            json.WriteNull("content"u8);
        }

        if (refusals.Length > 0)
        {
            json.WriteString("refusal"u8, refusals);
        }
        else
        {
            json.WriteNull("refusal"u8);
        }

        WriteThinking(json, [.. result.Parts.OfType<ThinkingPart>()]);
        if (calls.Count > 0)
        {
            WriteCalls(json, calls);
        }
    }

    /// <summary>In the word of most servers of open models, for which the protocol has none. One signature has a place; of several only the mark is left that there were some.</summary>
    private static void WriteThinking(Utf8JsonWriter json, List<ThinkingPart> thoughts)
    {
        if (thoughts.Exists(t => t.Text.Length > 0))
        {
            json.WriteString("reasoning_content"u8, string.Concat(thoughts.Select(t => t.Text)));
            json.WriteString("reasoning_signature"u8, thoughts is [{ State: { IsRedacted: false } only }] ? only.Tagged : OpaqueState.Lost);
        }
    }

    private static void WriteCalls(Utf8JsonWriter json, List<ToolCallPart> calls)
    {
        json.WriteStartArray("tool_calls"u8);
        foreach (var call in calls)
        {
            json.WriteStartObject();
            json.WriteString("id"u8, call.Id);
            json.WriteString("type"u8, "function"u8);
            json.WriteStartObject("function"u8);
            json.WriteString("name"u8, call.Name);
            json.WriteString("arguments"u8, call.Arguments);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
