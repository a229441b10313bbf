using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Parts;
using ModelMigrate.Core.Chat.Tools;

namespace ModelMigrate.Tests.Gateway.Translation;

/// <summary>Writes a neutral request as a responses client would ask it.</summary>
internal static class ResponseRequest
{
    private static readonly JsonSerializerOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(ChatRequest request)
    {
        var body = new JsonObject
        {
            ["model"] = "chat",
            ["input"] = new JsonArray([.. request.System.Select(text => Message("developer", [text])), .. request.Turns.SelectMany(Items)]),
            ["max_output_tokens"] = request.MaxTokens,
            ["temperature"] = request.Temperature,
            ["top_p"] = request.TopP,
            ["user"] = request.User,
            ["parallel_tool_calls"] = request.ParallelTools,
            ["tools"] = new JsonArray([.. request.Tools.Select(ToolOf)]),
            ["tool_choice"] = ChoiceOf(request.ToolChoice),
            ["text"] = request.Format is not { Schema: { } schema } format ? null : new JsonObject
            {
                ["format"] = new JsonObject { ["type"] = "json_schema", ["name"] = format.Name ?? "answer", ["schema"] = JsonNode.Parse(schema), ["strict"] = format.Strict },
            },
            ["reasoning"] = request.Reasoning is { } reasoning ? new JsonObject { ["effort"] = reasoning.Effort.ToString().ToLowerInvariant() } : null,
        };
        return body.ToJsonString(s_plain);
    }

    private static IEnumerable<JsonNode> Items(ChatTurn turn)
    {
        var said = new List<ChatPart>();
        foreach (var part in turn.Parts)
        {
            switch (part)
            {
                case ToolCallPart call:
                    if (said.Count > 0)
                    {
                        yield return Message("assistant", said);
                        said = [];
                    }

                    yield return new JsonObject { ["type"] = "function_call", ["call_id"] = call.Id, ["name"] = call.Name, ["arguments"] = call.Arguments };
                    break;
                case ToolResultPart result:
                    yield return new JsonObject
                    {
                        ["type"] = "function_call_output", ["call_id"] = result.CallId, ["output"] = new JsonArray([.. result.Parts.Select(p => PartOf("user", p))]),
                    };
                    break;
                default:
                    said.Add(part);
                    break;
            }
        }

        if (said.Count > 0)
        {
            yield return Message(turn.Role == ChatRole.User ? "user" : "assistant", said);
        }
    }

    private static JsonObject Message(string role, IEnumerable<ChatPart> parts) =>
        new() { ["type"] = "message", ["role"] = role, ["content"] = new JsonArray([.. parts.Select(part => PartOf(role, part))]) };

    private static JsonObject PartOf(string role, ChatPart part) => part switch
    {
        TextPart text => new JsonObject { ["type"] = role == "assistant" ? "output_text" : "input_text", ["text"] = text.Text },
        ImagePart image => new JsonObject { ["type"] = "input_image", ["image_url"] = image.Url ?? $"data:{image.MediaType};base64,{image.Data}", ["detail"] = "auto" },
        DocumentPart file => new JsonObject { ["type"] = "input_file", ["filename"] = file.Title, ["file_data"] = $"data:{file.MediaType};base64,{file.Data}" },
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, null),
    };

    private static JsonNode ToolOf(ChatTool tool) => new JsonObject
    {
        ["type"] = "function", ["name"] = tool.Name, ["description"] = tool.Description, ["strict"] = tool.Strict,
        ["parameters"] = tool.Schema is null ? null : JsonNode.Parse(tool.Schema),
    };

    private static JsonNode? ChoiceOf(ToolChoice? choice) => choice?.Mode switch
    {
        null => null,
        ToolChoiceMode.Named => new JsonObject { ["type"] = "function", ["name"] = choice.Name },
        var mode => mode.ToString()!.ToLowerInvariant(),
    };
}
