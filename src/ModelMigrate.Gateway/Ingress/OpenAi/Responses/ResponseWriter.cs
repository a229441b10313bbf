using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Parts;
using ModelMigrate.Gateway.Ingress.Scanning;

namespace ModelMigrate.Gateway.Ingress.OpenAi.Responses;

/// <summary>Writes whole responses. Much of one is what the client asked for, told back.</summary>
/// <param name="body">What the client asked.</param>
/// <param name="createdAt">When the answer began, in seconds since 1970.</param>
internal sealed class ResponseWriter(ReadOnlyMemory<byte> body, long createdAt) : IDisposable
{
    /// <summary>How the id of an answer begins that no provider keeps.</summary>
    public const string OwnId = "resp_mm1_";

    /// <summary>Fields that are told back as they were asked, and their values where nothing was.</summary>
    private static readonly (string Name, string Otherwise)[] s_echoed =
    [
        ("instructions", "null"), ("max_output_tokens", "null"), ("max_tool_calls", "null"), ("metadata", "{}"), ("parallel_tool_calls", "true"), ("reasoning", "null"),
        ("temperature", "1"), ("text", """{"format":{"type":"text"}}"""), ("tool_choice", "\"auto\""), ("tools", "[]"), ("top_p", "1"), ("user", "null"),
    ];

    private readonly JsonDocument _asked = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = BodyProblems.MaxDepth });

    /// <summary>The id of an answer that no provider keeps, made of the provider's.</summary>
    public static string AnswerId(string id) => OwnId + Plain(id);

    /// <summary>Ids of items are made of the answer's.</summary>
    public static string ItemId(string prefix, string answer, int at) => $"{prefix}_{Plain(answer)}_{at}";

    public void Write(IBufferWriter<byte> into, ChatResult result)
    {
        var items = new List<OutputItem>();
        foreach (var part in result.Parts)
        {
            if (ItemOf(part, result.Id, items.Count) is { } item)
            {
                items.Add(item);
            }
        }

        using var json = new Utf8JsonWriter(into, Wire.Options);
        Write(json, AnswerId(result.Id), result.Model, items, result.Finish, result.Usage, error: null);
        json.Flush();
    }

    /// <summary>Writes a response: one that runs while it has neither finish nor error.</summary>
    public void Write(Utf8JsonWriter json, string id, string model, IReadOnlyList<OutputItem> items, FinishReason? finish, Usage? usage, ChatError? error)
    {
        var incomplete = finish switch
        {
            FinishReason.Length => "max_output_tokens",
            FinishReason.ContentFilter when !items.Any(item => item.IsRefusal) => "content_filter",
            _ => null,
        };
        json.WriteStartObject();
        json.WriteString("id"u8, id);
        json.WriteString("object"u8, "response"u8);
        json.WriteNumber("created_at"u8, createdAt);
        json.WriteString("status"u8, error is not null ? "failed" : incomplete is not null ? "incomplete" : finish is not null ? "completed" : "in_progress");
        json.WriteBoolean("background"u8, value: false);
        WriteError(json, error);
        json.WritePropertyName("incomplete_details"u8);
        json.WriteRawValue(incomplete is null ? "null" : $$"""{"reason":"{{incomplete}}"}""");
        json.WriteString("model"u8, model);
        json.WriteStartArray("output"u8);
        foreach (var item in items)
        {
            item.WriteTo(json, hasBegunOnly: false);
        }

        json.WriteEndArray();
        json.WriteNull("previous_response_id"u8);
        json.WriteBoolean("store"u8, value: false);
        json.WriteString("service_tier"u8, "default"u8);
        json.WriteString("truncation"u8, "disabled"u8);
        foreach (var (name, otherwise) in s_echoed)
        {
            json.WritePropertyName(name);
            if (FieldReader.Has(_asked.RootElement, name, out var asked))
            {
                json.WriteRawValue(JsonMarshal.GetRawUtf8Value(asked));
            }
            else
            {
                json.WriteRawValue(otherwise);
            }
        }

        WriteUsage(json, usage);
        json.WriteEndObject();
    }

    public void Dispose() => _asked.Dispose();

    private static OutputItem? ItemOf(ChatPart part, string id, int at) => part switch
    {
        ThinkingPart thinking => new OutputItem(OutputItem.Kind.Thinking, ItemId("rs", id, at)) { State = thinking.State }.Append(thinking.Text),
        TextPart text => new OutputItem(OutputItem.Kind.Message, ItemId("msg", id, at)).Append(text.Text),
        RefusalPart refusal => new OutputItem(OutputItem.Kind.Message, ItemId("msg", id, at)) { IsRefusal = true }.Append(refusal.Text),
        ToolCallPart call => new OutputItem(OutputItem.Kind.Call, ItemId("fc", id, at)) { CallId = call.Id, Name = call.Name }.Append(call.Arguments),
        _ => null,
    };

    private static void WriteError(Utf8JsonWriter json, ChatError? error)
    {
        if (error is null)
        {
            json.WriteNull("error"u8);
            return;
        }

        json.WriteStartObject("error"u8);
        json.WriteString("code"u8, ErrorShape.Of(error).Code);
        json.WriteString("message"u8, error.Message);
        json.WriteEndObject();
    }

    private static void WriteUsage(Utf8JsonWriter json, Usage? told)
    {
        if (told is not { } usage)
        {
            json.WriteNull("usage"u8);
            return;
        }

        json.WriteStartObject("usage"u8);
        json.WriteNumber("input_tokens"u8, usage.InputTokens);
        json.WriteStartObject("input_tokens_details"u8);
        json.WriteNumber("cached_tokens"u8, usage.CachedInputTokens);
        if (usage.CacheWriteTokens > 0)
        {
            json.WriteNumber("cache_write_tokens"u8, usage.CacheWriteTokens);
        }

        json.WriteEndObject();
        json.WriteNumber("output_tokens"u8, usage.OutputTokens);
        json.WriteStartObject("output_tokens_details"u8);
        json.WriteNumber("reasoning_tokens"u8, usage.ReasoningTokens);
        json.WriteEndObject();
        json.WriteNumber("total_tokens"u8, usage.InputTokens + usage.OutputTokens);
        json.WriteEndObject();
    }

    private static string Plain(string id) => string.Concat(id.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '_'));
}
