using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Catalog.Bundled;
using ModelMigrate.Core.Chat.Parts;
using ModelMigrate.Core.Promptfoo;

namespace ModelMigrate.Control.Evaluation.Promptfoo;

/// <summary>
/// What promptfoo 0.121 makes of an answer that calls tools. OpenAI's protocol: the list of calls, the one call of a function, or the message when it has words too.
/// Anthropic's: text, each part after an empty line, calls as their JSON. Gemini's: the list of parts.
/// </summary>
internal static class ToolOutput
{
    private static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The answer as a value: a JSON text for a text.</summary>
    public static JsonElement Of(IReadOnlyList<ChatPart> parts, PromptfooProvider provider) => JsonSerializer.SerializeToElement(BundledCatalog.Find(provider.Kind)!.Protocol switch
    {
        ProviderKind.Anthropic => string.Join("\n\n", parts.Select(static part => part switch { TextPart text => text.Text, ToolCallPart call => Used(call).ToJsonString(s_json), _ => "" }).Where(static text => text.Length > 0)),
        ProviderKind.Gemini => new JsonArray([.. parts.Select(static part => part switch
        {
            TextPart text => new JsonObject { ["text"] = text.Text },
            ToolCallPart call => new JsonObject { ["functionCall"] = new JsonObject { ["name"] = call.Name, ["args"] = Arguments(call) } },
            _ => null,
        }).OfType<JsonNode>()]),
        ProviderKind.OpenAi or ProviderKind.Bedrock => Message(parts, provider),
    });

    private static JsonNode Message(IReadOnlyList<ChatPart> parts, PromptfooProvider provider)
    {
        var words = string.Concat(parts.OfType<TextPart>().Select(static part => part.Text));
        var isFunction = provider is { Functions.Count: > 0, Tools.Count: 0 };
        JsonNode calls = isFunction ? Function(parts.OfType<ToolCallPart>().First())
            : new JsonArray([.. parts.OfType<ToolCallPart>().Select(static call => new JsonObject { ["id"] = call.Id, ["type"] = "function", ["function"] = Function(call) })]);
        return words.Length == 0 ? calls : new JsonObject { ["role"] = "assistant", ["content"] = words, [isFunction ? "function_call" : "tool_calls"] = calls };
    }

    private static JsonObject Function(ToolCallPart call) => new() { ["name"] = call.Name, ["arguments"] = call.Arguments };

    private static JsonObject Used(ToolCallPart call) => new() { ["type"] = "tool_use", ["id"] = call.Id, ["name"] = call.Name, ["input"] = Arguments(call) };

    private static JsonNode? Arguments(ToolCallPart call) => JsonNode.Parse(call.ArgumentsObject(out _));
}
