using System.Text;
using System.Text.Json.Nodes;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Parts;
using ModelMigrate.Tests.Providers;

namespace ModelMigrate.Tests.Gateway.Translation.Trips;

/// <summary>Answers as Bedrock writes them: the test's own encoder of Converse's answers, whole and as binary events.</summary>
internal static class BedrockWords
{
    /// <summary>The protocol names neither answer nor model.</summary>
    public static ChatResult Sayable(ChatResult result) => result with { Id = "", Model = "claude" };

    public static string Whole(ChatResult result) => RawJson.Of(new JsonObject
    {
        ["output"] = new JsonObject { ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = new JsonArray([.. result.Parts.Select(BlockOf)]) } },
        ["stopReason"] = FinishOf(result.Finish),
        ["usage"] = UsageOf(result.Usage!.Value),
    });

    /// <summary>Blocks of one kind each, numbered, with a start where a tool is called and a stop behind each.</summary>
    public static byte[] Events(IEnumerable<ChatDelta> deltas)
    {
        var bytes = new List<byte>();
        var (block, last) = (-1, "");
        void Add(string type, JsonObject payload) => bytes.AddRange(EventStreamTests.Encode(type, Encoding.UTF8.GetBytes(payload.ToJsonString())));
        void Open(string kind)
        {
            if (kind == last)
            {
                return;
            }

            if (last.Length > 0)
            {
                Add("contentBlockStop", new JsonObject { ["contentBlockIndex"] = block });
            }

            last = kind;
            block += kind.Length > 0 ? 1 : 0;
        }

        void Delta(JsonObject delta) => Add("contentBlockDelta", new JsonObject { ["contentBlockIndex"] = block, ["delta"] = delta });
        Add("messageStart", new JsonObject { ["role"] = "assistant" });
        foreach (var delta in deltas)
        {
            Open(delta switch { { Text: not null } => "text", { Thinking: not null } or { State: not null } => "thinking", { ToolCall: { } call } => $"call {call.Index}", _ => "" });
            switch (delta)
            {
                case { Text: { } text }:
                    Delta(new JsonObject { ["text"] = text });
                    break;
                case { Thinking: { } thinking }:
                    Delta(new JsonObject { ["reasoningContent"] = new JsonObject { ["text"] = thinking } });
                    break;
                case { State: { } state }:
                    Delta(new JsonObject { ["reasoningContent"] = new JsonObject { ["signature"] = state.Data } });
                    break;
                case { ToolCall: { Name: { } name } call }:
                    var tool = new JsonObject { ["toolUse"] = new JsonObject { ["toolUseId"] = call.Id, ["name"] = name } };
                    Add("contentBlockStart", new JsonObject { ["contentBlockIndex"] = block, ["start"] = tool });
                    break;
                case { ToolCall.Arguments: { } piece }:
                    Delta(new JsonObject { ["toolUse"] = new JsonObject { ["input"] = piece } });
                    break;
                case { Finish: { } finish }:
                    Add("messageStop", new JsonObject { ["stopReason"] = FinishOf(finish) });
                    break;
                case { Usage: { } usage }:
                    Add("metadata", new JsonObject { ["usage"] = UsageOf(usage) });
                    break;
            }
        }

        return [.. bytes];
    }

    private static JsonObject BlockOf(ChatPart part) => part switch
    {
        ThinkingPart thinking => new JsonObject
        {
            ["reasoningContent"] = new JsonObject { ["reasoningText"] = new JsonObject { ["text"] = thinking.Text, ["signature"] = thinking.State?.Data } },
        },
        ToolCallPart call => new JsonObject { ["toolUse"] = new JsonObject { ["toolUseId"] = call.Id, ["name"] = call.Name, ["input"] = "ARGS" + call.Arguments } },
        _ => new JsonObject { ["text"] = ((TextPart)part).Text },
    };

    private static string FinishOf(FinishReason finish) => finish switch
    {
        FinishReason.Length => "max_tokens",
        FinishReason.ContentFilter => "guardrail_intervened",
        FinishReason.ToolCalls => "tool_use",
        _ => "end_turn",
    };

    /// <summary>Tokens read from a cache and written to it are counted apart from the prompt.</summary>
    private static JsonObject UsageOf(Usage usage) => new()
    {
        ["inputTokens"] = usage.InputTokens - usage.CachedInputTokens - usage.CacheWriteTokens, ["outputTokens"] = usage.OutputTokens,
        ["cacheReadInputTokens"] = usage.CachedInputTokens, ["cacheWriteInputTokens"] = usage.CacheWriteTokens, ["totalTokens"] = usage.InputTokens + usage.OutputTokens,
    };
}
