using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Changes;
using ModelMigrate.Core.Chat.Parts;
using ModelMigrate.Core.Chat.Tools;
using ModelMigrate.Providers.Anthropic;
using ModelMigrate.Providers.Json;

namespace ModelMigrate.Providers.Bedrock;

/// <summary>
/// Writes tools, the choice among them and the answer's format, which is a forced tool unless the model holds answers to a schema itself. A
/// conversation that holds calls must declare tools, so those that it names are declared when the client sent none.
/// </summary>
internal sealed class BedrockToolWriter(Utf8JsonWriter json, ModelSnapshot model, ChangeList changes)
{
    public void Write(ChatRequest request)
    {
        var needsJson = JsonTool.IsNeeded(request, model);
        var called = request.Turns.SelectMany(turn => turn.Parts).OfType<ToolCallPart>().Select(call => call.Name).Distinct(StringComparer.Ordinal).ToList();

        // The protocol has no word for "no tool": leaving them out says it, unless the conversation needs them.
        var isNone = request.ToolChoice?.Mode == ToolChoiceMode.None && request.Tools.Count > 0;
        var tools = isNone && called.Count == 0 ? [] : request.Tools.Where(tool => tool.Foreign is null).ToList();
        foreach (var foreign in request.Tools.Where(tool => tool.Foreign is not null))
        {
            changes.Dropped("tools." + foreign.Foreign!.Type);
        }

        if (tools.Count == 0 && !needsJson)
        {
            tools.AddRange(called.Select(name => new ChatTool { Name = name }));
        }

        if (isNone && tools.Count > 0)
        {
            changes.Dropped("tool_choice");
        }

        if (tools.Count > 0 || needsJson)
        {
            json.WriteStartObject("toolConfig"u8);
            json.WriteStartArray("tools"u8);
            tools.ForEach(Write);
            if (needsJson)
            {
                changes.Renamed("response_format", "tool");
                Write(new ChatTool
                {
                    Name = JsonTool.Name, Description = request.Format!.Description ?? "Give your whole answer as this tool's arguments.",
                    Schema = request.Format.Schema ?? JsonTool.AnyObject,
                });
            }

            json.WriteEndArray();
            WriteChoice(request, needsJson, tools.Count);
            json.WriteEndObject();
        }

        WriteFormat(request, needsJson);
    }

    private void Write(ChatTool tool)
    {
        if (tool.Strict)
        {
            changes.Dropped("tools.strict");
        }

        json.WriteStartObject();
        json.WriteStartObject("toolSpec"u8);
        json.WriteString("name"u8, ToolNames.Bedrock.Of(tool.Name, changes));
        if (!string.IsNullOrEmpty(tool.Description))
        {
            json.WriteString("description"u8, tool.Description);
        }

        json.WriteStartObject("inputSchema"u8);
        json.WritePropertyName("json"u8);
        json.WriteRawValue(tool.Schema ?? JsonTool.AnyObject, skipInputValidation: true);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        if (tool.Cache is not null)
        {
            BedrockContentWriter.WriteCachePoint(json);
        }
    }

    private void WriteChoice(ChatRequest request, bool needsJson, int tools)
    {
        if (request.ParallelTools == false)
        {
            changes.Dropped("parallel_tool_calls");
        }

        var choice = request.ToolChoice is { } asked && request.Tools.Count > 0 && !model.IsRejected("tool_choice", changes) ? asked : null;
        var name = needsJson && tools == 0 ? JsonTool.Name : choice?.Mode == ToolChoiceMode.Named ? choice.Name : null;
        if (name is null && !needsJson && choice?.Mode is null or ToolChoiceMode.None)
        {
            return;
        }

        json.WriteStartObject("toolChoice"u8);
        json.WriteStartObject(name is not null ? "tool"u8 : needsJson || choice?.Mode == ToolChoiceMode.Required ? "any"u8 : "auto"u8);
        if (name is not null)
        {
            json.WriteString("name"u8, ToolNames.Bedrock.Of(name));
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteFormat(ChatRequest request, bool needsJson)
    {
        if (request.Format is not { } format || needsJson)
        {
            return;
        }

        if (!JsonTool.IsNative(format, model))
        {
            // A forced tool leaves no text to have a format; a model that rejects formats has to do without.
            changes.Dropped("response_format");
            return;
        }

        json.WriteStartObject("outputConfig"u8);
        json.WriteStartObject("textFormat"u8);
        json.WriteString("type"u8, "json_schema"u8);
        json.WriteStartObject("structure"u8);
        json.WriteStartObject("jsonSchema"u8);
        json.WriteString("schema"u8, format.Schema);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
