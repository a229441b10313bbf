using System.Text.Json;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Parts;
using ModelMigrate.Core.Chat.Tools;
using ModelMigrate.Providers.Json;
using ModelMigrate.Providers.OpenAi.Wires;

namespace ModelMigrate.Providers.OpenAi;

/// <summary>Reads one answer of the chat completions protocol, whole or chunk by chunk, into the neutral language.</summary>
internal sealed class OpenAiAnswerReader(ModelCall call)
{
    /// <summary>The provider's number of each call that has begun, and its id.</summary>
    private readonly List<(int Index, string Id)> _calls = [];

    /// <summary>Whether thinking has begun that nothing has ended.</summary>
    private bool _thinks;

    private bool _refused;

    public ChatResult Read(OpenAiWire answer, OpenAiWire.Choice choice)
    {
        var message = choice.Message!;
        var parts = new List<ChatPart>();
        if (!string.IsNullOrEmpty(message.Thinking))
        {
            parts.Add(new ThinkingPart(message.Thinking, Origin()));
        }

        if (!string.IsNullOrEmpty(message.Content))
        {
            parts.Add(new TextPart(message.Content));
        }

        if (!string.IsNullOrEmpty(message.Refusal))
        {
            _refused = true;
            parts.Add(new RefusalPart(message.Refusal));
        }

        foreach (var wanted in CallsOf(message))
        {
            parts.Add(new ToolCallPart(IdOf(wanted), NameOf(wanted), wanted.Function?.Arguments ?? ""));
            _calls.Add((_calls.Count, wanted.Id ?? ""));
        }

        Report("answer.annotations", message.Annotations);
        Report("answer.audio", message.Audio);
        Report("answer.logprobs", choice.Logprobs);
        return new ChatResult
        {
            Id = answer.Id ?? "", Model = answer.Model ?? call.Model.Name, Parts = parts, Finish = FinishOf(choice), StopText = StopTextOf(choice),
            Usage = UsageOf(answer.Usage),
        };
    }

    /// <summary>The deltas of one chunk, in order: thinking, text, refusal, calls, finish.</summary>
    public void ReadChunk(OpenAiWire chunk, List<ChatDelta> into)
    {
        var choice = chunk.Choices is [var first, ..] ? first : null;
        var head = new ChatDelta { Id = chunk.Id, Model = chunk.Model, Usage = UsageOf(chunk.Usage) };
        if (choice?.Delta is { } delta)
        {
            ReadDelta(delta, into);
            Report("answer.annotations", delta.Annotations);
            Report("answer.audio", delta.Audio);
        }

        Report("answer.logprobs", choice?.Logprobs);

        if (choice?.FinishReason is not null)
        {
            EndThinking(into);
            into.Add(new ChatDelta { Finish = FinishOf(choice), StopText = StopTextOf(choice) });
        }

        // What a chunk says of the whole answer goes with its first piece.
        if (into.Count == 0)
        {
            into.Add(head);
        }
        else
        {
            into[0] = into[0] with { Id = head.Id, Model = head.Model, Usage = head.Usage };
        }
    }

    private void ReadDelta(OpenAiWire.Message delta, List<ChatDelta> into)
    {
        if (!string.IsNullOrEmpty(delta.Thinking))
        {
            _thinks = true;
            into.Add(new ChatDelta { Thinking = delta.Thinking });
        }

        if (!string.IsNullOrEmpty(delta.Content))
        {
            EndThinking(into);
            into.Add(new ChatDelta { Text = delta.Content });
        }

        if (!string.IsNullOrEmpty(delta.Refusal))
        {
            EndThinking(into);
            _refused = true;
            into.Add(new ChatDelta { Refusal = delta.Refusal });
        }

        foreach (var wanted in CallsOf(delta))
        {
            EndThinking(into);
            ReadCall(wanted, into);
        }
    }

    /// <summary>
    /// A call begins with an index that is new, or with another id at a known index: some servers number every call 0. Its arguments
    /// follow by index.
    /// </summary>
    private void ReadCall(OpenAiWire.Call wanted, List<ChatDelta> into)
    {
        var index = wanted.Index ?? (string.IsNullOrEmpty(wanted.Id) ? Math.Max(0, _calls.Count - 1) : _calls.Count);
        var known = _calls.FindLastIndex(c => c.Index == index);
        var isNew = known < 0 || (!string.IsNullOrEmpty(wanted.Id) && wanted.Id != _calls[known].Id && !string.IsNullOrEmpty(wanted.Function?.Name));
        var arguments = wanted.Function?.Arguments;
        if (!isNew)
        {
            if (!string.IsNullOrEmpty(arguments))
            {
                into.Add(new ChatDelta { ToolCall = new ToolCallDelta(known, null, null, arguments) });
            }

            return;
        }

        var id = IdOf(wanted);
        _calls.Add((index, id));
        into.Add(new ChatDelta { ToolCall = new ToolCallDelta(_calls.Count - 1, id, NameOf(wanted), null) });
        if (!string.IsNullOrEmpty(arguments))
        {
            into.Add(new ChatDelta { ToolCall = new ToolCallDelta(_calls.Count - 1, null, null, arguments) });
        }
    }

    /// <summary>Providers may write null where a call should stand.</summary>
    private static IEnumerable<OpenAiWire.Call> CallsOf(OpenAiWire.Message message) => message.ToolCalls?.OfType<OpenAiWire.Call>() ?? [];

    private void EndThinking(List<ChatDelta> into)
    {
        if (_thinks)
        {
            _thinks = false;
            into.Add(new ChatDelta { State = Origin() });
        }
    }

    /// <summary>This protocol's thinking has no state, only an origin.</summary>
    private OpaqueState Origin() => new("", call.Model.Family);

    private string NameOf(OpenAiWire.Call wanted) => ToolNames.OpenAi.Back(wanted.Function?.Name ?? "", call.Request.Tools);

    private string IdOf(OpenAiWire.Call wanted) => string.IsNullOrEmpty(wanted.Id) ? $"call_{_calls.Count}" : wanted.Id;

    /// <summary>Calls and refusals speak louder than a server's finish reason: a client that is told "stop" runs no tool.</summary>
    private FinishReason FinishOf(OpenAiWire.Choice choice) => choice.FinishReason switch
    {
        "length" => FinishReason.Length,
        "content_filter" => FinishReason.ContentFilter,
        _ when _calls.Count > 0 => FinishReason.ToolCalls,
        _ when _refused => FinishReason.ContentFilter,
        _ => StopTextOf(choice) is null ? FinishReason.Stop : FinishReason.StopText,
    };

    private static string? StopTextOf(OpenAiWire.Choice choice) =>
        choice is { FinishReason: "stop", StopReason: { ValueKind: JsonValueKind.String } text } ? text.GetString() : null;

    private static Usage? UsageOf(OpenAiWire.Tokens? tokens) => tokens is null
        ? null
        : new Usage(
            tokens.PromptTokens ?? 0, tokens.CompletionTokens ?? 0, tokens.PromptTokensDetails?.CachedTokens ?? 0,
            tokens.PromptTokensDetails?.CacheWriteTokens ?? 0, tokens.CompletionTokensDetails?.ReasoningTokens ?? 0);

    private void Report(string what, JsonElement? value)
    {
        if (value is { ValueKind: JsonValueKind.Object } || (value is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > 0))
        {
            call.Changes.DroppedOnce(what);
        }
    }
}
