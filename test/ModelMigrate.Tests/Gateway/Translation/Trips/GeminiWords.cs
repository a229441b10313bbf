using System.Text;
using System.Text.Json.Nodes;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Parts;

namespace ModelMigrate.Tests.Gateway.Translation.Trips;

/// <summary>Answers as Gemini writes them: the test's own encoder of generateContent's answers, whole and as events.</summary>
internal static class GeminiWords
{
    /// <summary>What of an answer the protocol can say.</summary>
    public static ChatResult Sayable(ChatResult result) => result with { Usage = Sayable(result.Usage!.Value) };

    /// <summary>The protocol counts no tokens written to a cache; a third of the answer is thought here, which it counts apart.</summary>
    public static Usage Sayable(Usage usage) => usage with { CacheWriteTokens = 0, ReasoningTokens = usage.OutputTokens / 3 };

    public static string Whole(ChatResult result) => Chunk([.. result.Parts.Select(PartOf)], FinishOf(result.Finish), result.Usage, result.Id, result.Model);

    /// <summary>A call comes whole in this protocol: its pieces are gathered and stand in one part.</summary>
    public static string Events(IEnumerable<ChatDelta> deltas)
    {
        var all = deltas.ToList();
        var events = new StringBuilder();
        foreach (var delta in all)
        {
            var part = delta switch
            {
                { Text: { } text } => new JsonObject { ["text"] = text },
                { Thinking: { } thinking } => new JsonObject { ["text"] = thinking, ["thought"] = true },
                { State: { } state } => new JsonObject { ["text"] = "", ["thought"] = true, ["thoughtSignature"] = state.Data },
                { ToolCall: { Name: { } name } call } => CallOf(call.Id!, name, string.Concat(all.Where(d => d.ToolCall?.Index == call.Index).Select(d => d.ToolCall!.Arguments))),
                _ => null,
            };
            if (part is not null || delta.ToolCall is null)
            {
                events.Append("data: ").Append(Chunk(part is null ? [] : [part], FinishOf(delta.Finish), delta.Usage, "id-1", "m-2026")).Append("\r\n\r\n");
            }
        }

        return events.ToString();
    }

    private static JsonObject PartOf(ChatPart part) => part switch
    {
        ThinkingPart thinking => new JsonObject { ["text"] = thinking.Text, ["thought"] = true, ["thoughtSignature"] = thinking.State?.Data },
        ToolCallPart call => CallOf(call.Id, call.Name, call.Arguments),
        _ => new JsonObject { ["text"] = ((TextPart)part).Text },
    };

    private static JsonObject CallOf(string id, string name, string arguments) =>
        new() { ["functionCall"] = new JsonObject { ["id"] = id, ["name"] = name, ["args"] = "ARGS" + arguments } };

    private static string? FinishOf(FinishReason? finish) => finish switch
    {
        null => null,
        FinishReason.Length => "MAX_TOKENS",
        FinishReason.ContentFilter => "SAFETY",
        _ => "STOP",
    };

    private static string Chunk(JsonObject[] parts, string? finish, Usage? usage, string id, string model)
    {
        var candidate = new JsonObject { ["content"] = new JsonObject { ["role"] = "model", ["parts"] = new JsonArray([.. parts]) }, ["index"] = 0 };
        if (finish is not null)
        {
            candidate["finishReason"] = finish;
        }

        var chunk = new JsonObject { ["candidates"] = new JsonArray(candidate), ["responseId"] = id, ["modelVersion"] = model };
        if (usage is { } tokens)
        {
            chunk["usageMetadata"] = new JsonObject
            {
                ["promptTokenCount"] = tokens.InputTokens, ["candidatesTokenCount"] = tokens.OutputTokens - (tokens.OutputTokens / 3),
                ["thoughtsTokenCount"] = tokens.OutputTokens / 3, ["cachedContentTokenCount"] = tokens.CachedInputTokens,
            };
        }

        return RawJson.Of(chunk);
    }
}
