using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Changes;
using ModelMigrate.Core.Chat.Tools;
using ModelMigrate.Providers.Json;

namespace ModelMigrate.Providers.Gemini;

/// <summary>Writes tools and the choice among them. Schemas go as they are: the protocol's <c>parametersJsonSchema</c> takes JSON Schema itself.</summary>
internal sealed class GeminiToolWriter(Utf8JsonWriter json, ModelSnapshot model, ChangeList changes)
{
    public void Write(ChatRequest request)
    {
        foreach (var foreign in request.Tools.Where(tool => tool.Foreign is not null))
        {
            changes.Dropped("tools." + foreign.Foreign!.Type);
        }

        var functions = request.Tools.Where(tool => tool.Foreign is null).ToList();
        if (functions.Count == 0)
        {
            return;
        }

        json.WriteStartArray("tools"u8);
        json.WriteStartObject();
        json.WriteStartArray("functionDeclarations"u8);
        functions.ForEach(Write);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        WriteChoice(request);
    }

    private void Write(ChatTool tool)
    {
        if (tool.Cache is not null)
        {
            changes.Dropped("tools.cache_control");
        }

        if (tool.Strict)
        {
            changes.Dropped("tools.strict");
        }

        json.WriteStartObject();
        json.WriteString("name"u8, ToolNames.Gemini.Of(tool.Name, changes));
        if (tool.Description is { } description)
        {
            json.WriteString("description"u8, description);
        }

        if (tool.Schema is { } schema)
        {
            json.WritePropertyName("parametersJsonSchema"u8);
            json.WriteRawValue(schema, skipInputValidation: true);
        }

        json.WriteEndObject();
    }

    private void WriteChoice(ChatRequest request)
    {
        if (request.ParallelTools == false)
        {
            changes.Dropped("parallel_tool_calls");
        }

        if (request.ToolChoice is not { } choice || model.IsRejected("tool_choice", changes))
        {
            return;
        }

        json.WriteStartObject("toolConfig"u8);
        json.WriteStartObject("functionCallingConfig"u8);
        json.WriteString("mode"u8, choice.Mode switch
        {
            ToolChoiceMode.Auto => "AUTO"u8,
            ToolChoiceMode.None => "NONE"u8,
            ToolChoiceMode.Required or ToolChoiceMode.Named => "ANY"u8,
        });
        if (choice.Mode == ToolChoiceMode.Named)
        {
            json.WriteStartArray("allowedFunctionNames"u8);
            json.WriteStringValue(ToolNames.Gemini.Of(choice.Name!));
            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}
