using System.Text.Json;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Parts;
using ModelMigrate.Core.Chat.Tools;

namespace ModelMigrate.Providers.OpenAi.Responses;

/// <summary>Reads one answer of the responses protocol, whole or event by event, into the neutral language.</summary>
internal sealed class ResponseAnswerReader(ModelCall call)
{
    /// <summary>The place in the output of each tool call that has begun.</summary>
    private readonly List<int> _calls = [];

    private bool _refused;

    public ChatResult Read(JsonElement response)
    {
        var parts = new List<ChatPart>();
        foreach (var item in Items(response, "output"))
        {
            switch (Text(item, "type"))
            {
                case "reasoning":
                    parts.Add(new ThinkingPart(string.Concat(Items(item, "summary").Select(s => Text(s, "text"))), StateOf(item)));
                    break;
                case "message":
                    parts.AddRange(Items(item, "content").Select(PartOf).OfType<ChatPart>());
                    break;
                case "function_call":
                    _calls.Add(_calls.Count);
                    parts.Add(new ToolCallPart(Text(item, "call_id") ?? "", Text(item, "name") ?? "", Text(item, "arguments") ?? ""));
                    break;
            }
        }

        _refused = parts.Exists(p => p is RefusalPart);
        return new ChatResult
        {
            Id = Text(response, "id") ?? "", Model = Text(response, "model") ?? call.Model.Name, Parts = parts, Finish = FinishOf(response),
            Usage = Member(response, "usage") is { ValueKind: JsonValueKind.Object } usage ? UsageOf(usage) : null,
        };
    }

    /// <summary>What one event adds; nothing for one that only repeats what is known.</summary>
    public ChatDelta ReadEvent(JsonElement e)
    {
        switch (Text(e, "type"))
        {
            case "response.created":
                var begun = Member(e, "response");
                return new ChatDelta { Id = Text(begun, "id"), Model = Text(begun, "model") };
            case "response.output_text.delta":
                return new ChatDelta { Text = Text(e, "delta") };
            case "response.refusal.delta":
                _refused = true;
                return new ChatDelta { Refusal = Text(e, "delta") };
            case "response.reasoning_summary_text.delta" or "response.reasoning_text.delta":
                return new ChatDelta { Thinking = Text(e, "delta") };
            case "response.output_item.added" when Text(Member(e, "item"), "type") == "function_call":
                _calls.Add(Index(e));
                return new ChatDelta { ToolCall = new ToolCallDelta(_calls.Count - 1, Text(Member(e, "item"), "call_id"), Text(Member(e, "item"), "name") ?? "", null) };
            case "response.function_call_arguments.delta":
                return new ChatDelta { ToolCall = new ToolCallDelta(_calls.IndexOf(Index(e)), null, null, Text(e, "delta")) };
            case "response.output_item.done" when Text(Member(e, "item"), "type") == "reasoning":
                return new ChatDelta { State = StateOf(Member(e, "item")) };
            case "response.completed" or "response.incomplete":
                var ended = Member(e, "response");
                return new ChatDelta
                {
                    Finish = FinishOf(ended), Usage = Member(ended, "usage") is { ValueKind: JsonValueKind.Object } usage ? UsageOf(usage) : null,
                };
            default:
                return default;
        }
    }

    public static Usage UsageOf(JsonElement usage) => new(
        Count(usage, "input_tokens"), Count(usage, "output_tokens"), Count(Member(usage, "input_tokens_details"), "cached_tokens"),
        Count(Member(usage, "input_tokens_details"), "cache_write_tokens"), Count(Member(usage, "output_tokens_details"), "reasoning_tokens"));

    private FinishReason FinishOf(JsonElement response) => Text(Member(response, "incomplete_details"), "reason") switch
    {
        "max_output_tokens" => FinishReason.Length,
        "content_filter" => FinishReason.ContentFilter,
        _ when _calls.Count > 0 => FinishReason.ToolCalls,
        _ when _refused => FinishReason.ContentFilter,
        _ => FinishReason.Stop,
    };

    private static ChatPart? PartOf(JsonElement part) => Text(part, "type") switch
    {
        "output_text" => new TextPart(Text(part, "text") ?? ""),
        "refusal" => new RefusalPart(Text(part, "refusal") ?? ""),
        _ => null,
    };

    private OpaqueState? StateOf(JsonElement reasoning) => Text(reasoning, "encrypted_content") is { } state ? new OpaqueState(state, call.Model.Family) : null;

    private static int Index(JsonElement e) => (int)Count(e, "output_index");

    private static JsonElement.ArrayEnumerator Items(JsonElement parent, string name) =>
        Member(parent, name) is { ValueKind: JsonValueKind.Array } items ? items.EnumerateArray() : default;

    private static JsonElement Member(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) ? value : default;

    private static string? Text(JsonElement parent, string name) => Member(parent, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    private static long Count(JsonElement parent, string name) =>
        Member(parent, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var count) && count > 0 ? count : 0;
}
