using System.Text.Json;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Parts;
using ModelMigrate.Core.Chat.Tools;
using ModelMigrate.Providers.Anthropic;
using ModelMigrate.Providers.Json;

namespace ModelMigrate.Providers.Bedrock;

/// <summary>Reads one answer of Converse, whole or event by event, into the neutral language.</summary>
internal sealed class BedrockAnswerReader(ModelCall call)
{
    private readonly bool _asJson = JsonTool.IsNeeded(call.Request, call.Model);

    /// <summary>Tool blocks that have begun: which call each is, or -1 for the answer in JSON; and whether it had arguments.</summary>
    private readonly Dictionary<int, (int Call, bool HasArguments)> _open = [];
    private int _calls;

    public ChatResult Read(BedrockWire answer)
    {
        var parts = new List<ChatPart>();
        foreach (var block in answer.Output!.Message!.Blocks!.OfType<BedrockWire.Block>())
        {
            if (PartOf(block) is { } part)
            {
                _calls += part is ToolCallPart ? 1 : 0;
                parts.Add(part);
            }
        }

        // The protocol names neither id nor model version.
        return new ChatResult { Id = "", Model = call.Model.Name, Parts = parts, Finish = FinishOf(answer.StopReason!), Usage = UsageOf(answer.Usage) };
    }

    /// <summary>What one event adds; null when its payload is not what its type says.</summary>
    public ChatDelta? ReadEvent(string? type, BedrockWire? next)
    {
        if (next is null)
        {
            return null;
        }

        switch (type)
        {
            case "messageStart":
                return new ChatDelta { Model = call.Model.Name };
            case "contentBlockStart":
                return Begin(next.ContentBlockIndex ?? 0, next.Start?.ToolUse);
            case "contentBlockDelta":
                return Append(next.ContentBlockIndex ?? 0, next.Delta);
            case "contentBlockStop":
                return End(next.ContentBlockIndex ?? 0);
            case "messageStop":
                return next.StopReason is { } reason ? new ChatDelta { Finish = FinishOf(reason) } : null;
            case "metadata":
                return new ChatDelta { Usage = UsageOf(next.Usage) };
            default:
                return default(ChatDelta);
        }
    }

    private ChatDelta Begin(int index, BedrockWire.ToolUse? tool)
    {
        if (tool is null)
        {
            return default;
        }

        var isAnswer = _asJson && tool.Name == JsonTool.Name;
        _open[index] = (isAnswer ? -1 : _calls++, false);
        return isAnswer ? default : new ChatDelta { ToolCall = new ToolCallDelta(_open[index].Call, tool.ToolUseId ?? "", NameOf(tool), null) };
    }

    private ChatDelta Append(int index, BedrockWire.Block? delta)
    {
        if (delta?.ToolUse?.Input is { ValueKind: JsonValueKind.String } piece && _open.TryGetValue(index, out var open))
        {
            _open[index] = open with { HasArguments = open.HasArguments || piece.GetString() is { Length: > 0 } };
            return Arguments(open.Call, piece.GetString()!);
        }

        return delta?.ReasoningContent switch
        {
            { Text: { } thinking } => new ChatDelta { Thinking = thinking },
            { Signature: { } signature } => new ChatDelta { State = new OpaqueState(signature, call.Model.Family) },
            { RedactedContent: { } data } => new ChatDelta { State = new OpaqueState(data, call.Model.Family, IsRedacted: true) },
            _ => new ChatDelta { Text = delta?.Text },
        };
    }

    /// <summary>A call without arguments is still given some, because clients parse them.</summary>
    private ChatDelta End(int index) => _open.Remove(index, out var open) && !open.HasArguments ? Arguments(open.Call, "{}") : default;

    private static ChatDelta Arguments(int index, string piece) =>
        index < 0 ? new ChatDelta { Text = piece } : new ChatDelta { ToolCall = new ToolCallDelta(index, null, null, piece) };

    private ChatPart? PartOf(BedrockWire.Block block) => block switch
    {
        { Text: { } text } => new TextPart(text),
        { ReasoningContent.ReasoningText: { } thought } =>
            new ThinkingPart(thought.Text ?? "", thought.Signature is { } signature ? new OpaqueState(signature, call.Model.Family) : null),
        { ReasoningContent.RedactedContent: { } data } => new ThinkingPart("", new OpaqueState(data, call.Model.Family, IsRedacted: true)),
        { ToolUse: { } tool } when _asJson && tool.Name == JsonTool.Name => new TextPart(TextOf(tool.Input)),
        { ToolUse: { } tool } => new ToolCallPart(tool.ToolUseId ?? "", NameOf(tool), TextOf(tool.Input)),
        _ => null,
    };

    private string NameOf(BedrockWire.ToolUse tool) => ToolNames.Bedrock.Back(tool.Name ?? "", call.Request.Tools);

    private static string TextOf(JsonElement? input) => input is { ValueKind: JsonValueKind.Object } value ? value.GetRawText() : "{}";

    /// <summary>Calls speak louder than a provider's stop reason: a client that is told "stop" runs no tool.</summary>
    private FinishReason FinishOf(string reason) => reason switch
    {
        "max_tokens" or "model_context_window_exceeded" => FinishReason.Length,
        "guardrail_intervened" or "content_filtered" or "refusal" => FinishReason.ContentFilter,
        _ when _calls > 0 => FinishReason.ToolCalls,
        "stop_sequence" => FinishReason.StopText,
        _ => FinishReason.Stop,
    };

    /// <summary>Cached input is counted apart here; the neutral language counts the whole prompt once.</summary>
    private static Usage? UsageOf(BedrockWire.Tokens? tokens)
    {
        if (tokens is null)
        {
            return null;
        }

        var (read, written) = (tokens.CacheReadInputTokens ?? 0, tokens.CacheWriteInputTokens ?? 0);
        return new Usage((tokens.InputTokens ?? 0) + read + written, tokens.OutputTokens ?? 0, read, written);
    }
}
