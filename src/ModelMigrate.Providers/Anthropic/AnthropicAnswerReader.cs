using System.Text.Json;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Parts;
using ModelMigrate.Core.Chat.Tools;

namespace ModelMigrate.Providers.Anthropic;

/// <summary>Reads one answer of the messages protocol, whole or event by event, into the neutral language.</summary>
internal sealed class AnthropicAnswerReader(ModelCall call)
{
    private readonly bool _asJson = JsonTool.IsNeeded(call.Request, call.Model);
    private readonly Dictionary<int, OpenBlock> _open = [];
    private Usage? _usage;
    private int _calls;

    public ChatResult Read(AnthropicWire answer)
    {
        var parts = new List<ChatPart>(answer.Content!.Count);
        foreach (var block in answer.Content.OfType<AnthropicWire.Block>())
        {
            if (PartOf(block) is { } part)
            {
                _calls += part is ToolCallPart ? 1 : 0;
                parts.Add(part);
            }
            else
            {
                call.Changes.Dropped("answer." + (block.Type ?? "block"));
            }
        }

        return new ChatResult
        {
            Id = answer.Id ?? "", Model = answer.Model ?? call.Model.Name, Parts = parts, Finish = FinishOf(answer.StopReason!),
            StopText = answer.StopSequence, Usage = UsageOf(answer.Usage, before: null),
        };
    }

    public ChatDelta ReadEvent(AnthropicWire next)
    {
        switch (next.Type)
        {
            case "message_start":
                _usage = UsageOf(next.Message?.Usage, _usage);
                return new ChatDelta { Id = next.Message?.Id, Model = next.Message?.Model, Usage = _usage };
            case "content_block_start":
                return Begin(next.Index ?? 0, next.ContentBlock);
            case "content_block_delta":
                return Append(next.Index ?? 0, next.Delta);
            case "content_block_stop":
                return End(next.Index ?? 0);
            case "message_delta":
                _usage = UsageOf(next.Usage, _usage);
                return new ChatDelta
                {
                    Finish = next.Delta?.StopReason is { } reason ? FinishOf(reason) : null, StopText = next.Delta?.StopSequence, Usage = _usage,
                };
            default:
                // Pings, and whatever the protocol adds: its rules ask clients to ignore events that they do not know.
                return default;
        }
    }

    private ChatDelta Begin(int index, AnthropicWire.Block? block)
    {
        switch (block?.Type)
        {
            case "text":
                return new ChatDelta { Text = block.Text };
            case "thinking":
                _open[index] = new OpenBlock(-1);
                return new ChatDelta { Thinking = block.Thinking };
            case "redacted_thinking":
                return new ChatDelta { State = new OpaqueState(block.Data ?? "", call.Model.Family, IsRedacted: true) };
            case "tool_use":
                var isAnswer = _asJson && block.Name == JsonTool.Name;
                var open = new OpenBlock(isAnswer ? -1 : _calls++) { IsAnswer = isAnswer, Input = block.Input };
                _open[index] = open;
                return isAnswer ? default : new ChatDelta { ToolCall = new ToolCallDelta(open.Call, block.Id ?? "", block.Name ?? "", null) };
            default:
                call.Changes.Dropped("answer." + (block?.Type ?? "block"));
                return default;
        }
    }

    private ChatDelta Append(int index, AnthropicWire.Block? delta)
    {
        switch (delta?.Type)
        {
            case "text_delta":
                return new ChatDelta { Text = delta.Text };
            case "thinking_delta":
                return new ChatDelta { Thinking = delta.Thinking };
            case "signature_delta":
                return new ChatDelta { State = new OpaqueState(delta.Signature ?? "", call.Model.Family) };
            case "input_json_delta" when delta.PartialJson is { Length: > 0 } piece && _open.TryGetValue(index, out var open):
                open.HasArguments = true;
                return Arguments(open, piece);
            default:
                return default;
        }
    }

    /// <summary>A call without arguments is still given some, because clients parse them.</summary>
    private ChatDelta End(int index) =>
        _open.Remove(index, out var open) && !open.HasArguments && (open.IsAnswer || open.Call >= 0) ? Arguments(open, TextOf(open.Input)) : default;

    private static ChatDelta Arguments(OpenBlock open, string piece) =>
        open.IsAnswer ? new ChatDelta { Text = piece } : new ChatDelta { ToolCall = new ToolCallDelta(open.Call, null, null, piece) };

    private ChatPart? PartOf(AnthropicWire.Block block) => block.Type switch
    {
        "text" => new TextPart(block.Text ?? ""),
        "thinking" => new ThinkingPart(block.Thinking ?? "", block.Signature is { } signature ? new OpaqueState(signature, call.Model.Family) : null),
        "redacted_thinking" => new ThinkingPart("", new OpaqueState(block.Data ?? "", call.Model.Family, IsRedacted: true)),
        "tool_use" when _asJson && block.Name == JsonTool.Name => new TextPart(TextOf(block.Input)),
        "tool_use" => new ToolCallPart(block.Id ?? "", block.Name ?? "", TextOf(block.Input)),
        _ => null,
    };

    private static string TextOf(JsonElement? input) => input is { ValueKind: JsonValueKind.Object } value ? value.GetRawText() : "{}";

    /// <summary>Calls speak louder than a provider's stop reason: a client that is told "stop" runs no tool.</summary>
    private FinishReason FinishOf(string reason) => reason switch
    {
        "max_tokens" or "model_context_window_exceeded" => FinishReason.Length,
        "refusal" => FinishReason.ContentFilter,
        _ when _calls > 0 => FinishReason.ToolCalls,
        "stop_sequence" => FinishReason.StopText,
        _ => FinishReason.Stop,
    };

    /// <summary>
    /// This protocol counts fresh, cache-written and cache-read input apart; the neutral language counts the whole prompt once.
    /// The last event's totals hold, and what it leaves out stands as before.
    /// </summary>
    private static Usage? UsageOf(AnthropicWire.Tokens? tokens, Usage? before)
    {
        if (tokens is null)
        {
            return before;
        }

        var written = tokens.CacheCreationInputTokens ?? before?.CacheWriteTokens ?? 0;
        var read = tokens.CacheReadInputTokens ?? before?.CachedInputTokens ?? 0;
        var input = tokens.InputTokens is { } fresh ? fresh + written + read : before?.InputTokens ?? written + read;
        return new Usage(input, tokens.OutputTokens ?? before?.OutputTokens ?? 0, read, written);
    }

    /// <summary>A block that has begun: which call it is, or that it is the answer in JSON.</summary>
    private sealed class OpenBlock(int call)
    {
        public int Call { get; } = call;

        public bool IsAnswer { get; init; }

        public JsonElement? Input { get; init; }

        public bool HasArguments { get; set; }
    }
}
