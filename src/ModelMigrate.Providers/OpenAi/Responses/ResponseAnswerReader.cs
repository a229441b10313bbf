using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Parts;
using ModelMigrate.Core.Chat.Tools;
using ModelMigrate.Providers.Json;

namespace ModelMigrate.Providers.OpenAi.Responses;

/// <summary>
/// Reads one answer of the responses protocol, whole or event by event, into the neutral language. A text that is no valid one throws
/// <see cref="InvalidOperationException"/>.
/// </summary>
internal sealed class ResponseAnswerReader(ModelCall call)
{
    /// <summary>The place in the output of each tool call that has begun.</summary>
    private readonly List<int> _calls = [];

    /// <summary>The places in the output of which something was heard: what an item says at its end is then known.</summary>
    private readonly HashSet<int> _heard = [];

    private bool _refused;

    /// <summary>Whether this is a response that has ended.</summary>
    public static bool IsAnswer(JsonElement response) =>
        Member(response, "output").ValueKind == JsonValueKind.Array && Text(response, "status") is null or "completed" or "incomplete";

    /// <summary>What a response, or an event, reports in place of an answer; null when nothing.</summary>
    public static ChatError? ErrorOf(ProviderSnapshot provider, JsonElement parent) => Member(parent, "error") switch
    {
        { ValueKind: JsonValueKind.Object } error => OpenAiProtocol.Reported(provider, Text(error, "message"), Text(error, "code") ?? Text(error, "type")),
        { ValueKind: JsonValueKind.String } words => OpenAiProtocol.Reported(provider, words.GetString(), code: null),
        _ => null,
    };

    public static Usage UsageOf(JsonElement usage) => new(
        Count(usage, "input_tokens"), Count(usage, "output_tokens"), Count(Member(usage, "input_tokens_details"), "cached_tokens"),
        Count(Member(usage, "input_tokens_details"), "cache_write_tokens"), Count(Member(usage, "output_tokens_details"), "reasoning_tokens"));

    public ChatResult Read(JsonElement response)
    {
        var parts = new List<ChatPart>();
        foreach (var item in Items(response, "output"))
        {
            ReadItem(item, parts);
        }

        _refused = parts.Exists(p => p is RefusalPart);
        return new ChatResult
        {
            Id = Text(response, "id") ?? "", Model = Text(response, "model") ?? call.Model.Name, Parts = parts, Finish = FinishOf(response),
            Usage = Member(response, "usage") is { ValueKind: JsonValueKind.Object } usage ? UsageOf(usage) : null,
        };
    }

    /// <summary>What one event adds; nothing for one that only repeats what is known, or that nobody here knows.</summary>
    public ChatDelta ReadEvent(JsonElement e)
    {
        switch (Text(e, "type"))
        {
            case "response.created":
                var begun = Member(e, "response");
                return new ChatDelta { Id = Text(begun, "id"), Model = Text(begun, "model") };
            case "response.output_text.delta":
                return new ChatDelta { Text = Heard(e) };
            case "response.refusal.delta":
                _refused = true;
                return new ChatDelta { Refusal = Heard(e) };
            case "response.reasoning_summary_text.delta" or "response.reasoning_text.delta":
                return new ChatDelta { Thinking = Heard(e) };
            case "response.output_item.added" when IsCall(Member(e, "item")):
                return Begin(e, arguments: null);
            case "response.function_call_arguments.delta" or "response.custom_tool_call_input.delta" when _calls.Contains(Index(e)):
                return new ChatDelta { ToolCall = new ToolCallDelta(_calls.IndexOf(Index(e)), null, null, Heard(e)) };
            case "response.output_item.done":
                return ReadEnd(e, Member(e, "item"));
            case "response.completed" or "response.incomplete":
                var ended = Member(e, "response");
                return new ChatDelta
                {
                    Finish = FinishOf(ended), Usage = Member(ended, "usage") is { ValueKind: JsonValueKind.Object } usage ? UsageOf(usage) : null,
                };
            case "response.failed":
                return Failed(ErrorOf(call.Model.Provider, Member(e, "response")));
            case "error":
                // The error's members stand in the event itself, or under a name of their own.
                return Failed(ErrorOf(call.Model.Provider, e) ?? OpenAiProtocol.Reported(call.Model.Provider, Text(e, "message"), Text(e, "code")));
            case null:
                return new ChatDelta
                {
                    Error = ErrorOf(call.Model.Provider, e)
                        ?? new ChatError(ChatErrorKind.Malformed, $"The provider '{call.Model.Provider.Id}' sent an event that does not follow its protocol."),
                };
            default:
                return default;
        }
    }

    private void ReadItem(JsonElement item, List<ChatPart> into)
    {
        switch (Text(item, "type"))
        {
            case "reasoning":
                var thought = TextOf(item, "summary") is { Length: > 0 } summary ? summary : TextOf(item, "content");
                if (StateOf(item, isRedacted: thought.Length == 0) is { } state)
                {
                    into.Add(new ThinkingPart(thought, state));
                }

                break;
            case "message":
                into.AddRange(Items(item, "content").Select(PartOf).OfType<ChatPart>());
                break;
            case "function_call" or "custom_tool_call":
                _calls.Add(_calls.Count);
                into.Add(new ToolCallPart(Text(item, "call_id") ?? "", NameOf(item), ArgumentsOf(item)));
                break;
            case { } other:
                call.Changes.Dropped("answer." + other);
                break;
        }
    }

    private ChatPart? PartOf(JsonElement part)
    {
        switch (Text(part, "type"))
        {
            case "output_text":
                Report(part, "annotations");
                Report(part, "logprobs");
                return Text(part, "text") is { Length: > 0 } text ? new TextPart(text) : null;
            case "refusal":
                return new RefusalPart(Text(part, "refusal") ?? "");
            default:
                return null;
        }
    }

    /// <summary>The end of an item: the state of a thinking, or all of it where a server told nothing of it before.</summary>
    private ChatDelta ReadEnd(JsonElement e, JsonElement item)
    {
        var wasHeard = _heard.Contains(Index(e));
        switch (Text(item, "type"))
        {
            case "reasoning":
                return new ChatDelta { State = StateOf(item, isRedacted: !wasHeard) };
            case "message":
                foreach (var part in Items(item, "content"))
                {
                    Report(part, "annotations");
                    Report(part, "logprobs");
                }

                return wasHeard ? default : new ChatDelta { Text = TextOf(item, "content") };
            case "function_call" or "custom_tool_call" when !_calls.Contains(Index(e)):
                return Begin(e, ArgumentsOf(item));
            case "function_call" or "custom_tool_call" when !wasHeard && ArgumentsOf(item) is { Length: > 0 } arguments:
                return new ChatDelta { ToolCall = new ToolCallDelta(_calls.IndexOf(Index(e)), null, null, arguments) };
            case null or "function_call" or "custom_tool_call":
                return default;
            case { } other:
                call.Changes.Dropped("answer." + other);
                return default;
        }
    }

    private ChatDelta Begin(JsonElement e, string? arguments)
    {
        var item = Member(e, "item");
        _calls.Add(Index(e));
        return new ChatDelta { ToolCall = new ToolCallDelta(_calls.Count - 1, Text(item, "call_id") ?? "", NameOf(item), arguments) };
    }

    private string NameOf(JsonElement item) => ToolNames.OpenAi.Back(Text(item, "name") ?? "", call.Request.Tools);

    private static ChatDelta Failed(ChatError? error) => new() { Error = error ?? new ChatError(ChatErrorKind.Provider, "The provider failed without a reason.") };

    /// <summary>A response that is incomplete for a reason that nobody here knows is cut short, too: never a success.</summary>
    private FinishReason FinishOf(JsonElement response) => Text(Member(response, "incomplete_details"), "reason") switch
    {
        "content_filter" => FinishReason.ContentFilter,
        not null => FinishReason.Length,
        _ when Text(response, "status") is "incomplete" => FinishReason.Length,
        _ when _calls.Count > 0 => FinishReason.ToolCalls,
        _ when _refused => FinishReason.ContentFilter,
        _ => FinishReason.Stop,
    };

    /// <summary>Thinking that is shown has an origin, even without a state.</summary>
    private OpaqueState? StateOf(JsonElement reasoning, bool isRedacted) => Text(reasoning, "encrypted_content") is { Length: > 0 } state
        ? new OpaqueState(state, OpaqueState.At(call.Model.Family, call.Model.Provider.Id.Value), isRedacted)
        : isRedacted ? null : new OpaqueState("", call.Model.Family);

    private string? Heard(JsonElement e)
    {
        _heard.Add(Index(e));
        return Text(e, "delta");
    }

    private void Report(JsonElement part, string name)
    {
        if (Items(part, name).Any())
        {
            call.Changes.Dropped("answer." + name);
        }
    }

    private static bool IsCall(JsonElement item) => Text(item, "type") is "function_call" or "custom_tool_call";

    /// <summary>A custom tool's input is free text.</summary>
    private static string ArgumentsOf(JsonElement item) => Text(item, "arguments") ?? Text(item, "input") ?? "";

    private static string TextOf(JsonElement parent, string list) => string.Concat(Items(parent, list).Select(part => Text(part, "text")));

    private static int Index(JsonElement e) => (int)Math.Min(Count(e, "output_index"), int.MaxValue);

    private static JsonElement.ArrayEnumerator Items(JsonElement parent, string name) =>
        Member(parent, name) is { ValueKind: JsonValueKind.Array } items ? items.EnumerateArray() : default;

    private static JsonElement Member(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) ? value : default;

    private static string? Text(JsonElement parent, string name) => Member(parent, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    private static long Count(JsonElement parent, string name) =>
        Member(parent, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var count) && count > 0 ? count : 0;
}
