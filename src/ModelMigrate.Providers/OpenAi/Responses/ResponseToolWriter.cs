using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Changes;
using ModelMigrate.Core.Chat.Tools;
using ModelMigrate.Providers.Json;

namespace ModelMigrate.Providers.OpenAi.Responses;

/// <summary>Writes tools, the choice among them and how the answer's text shall be.</summary>
internal sealed class ResponseToolWriter(Utf8JsonWriter json, ModelSnapshot model, ChangeList changes)
{
    /// <summary>A field of chat whose word stands in <c>text</c> here.</summary>
    public const string Verbosity = "verbosity";

    public void Write(ChatRequest request)
    {
        if (request.Tools.Count > 0)
        {
            json.WriteStartArray("tools"u8);
            foreach (var tool in request.Tools)
            {
                Write(tool);
            }

            json.WriteEndArray();
            WriteChoice(request);
        }

        WriteText(request);
    }

    private void Write(ChatTool tool)
    {
        if (tool.Foreign is { } foreign)
        {
            changes.Dropped("tools." + foreign.Type);
            return;
        }

        if (tool.Cache is not null)
        {
            changes.Dropped("tools.cache_control");
        }

        json.WriteStartObject();
        json.WriteString("type"u8, "function"u8);
        json.WriteString("name"u8, ToolNames.OpenAi.Of(tool.Name, changes));
        if (tool.Description is { } description)
        {
            json.WriteString("description"u8, description);
        }

        json.WritePropertyName("parameters"u8);
        json.WriteRawValue(tool.Schema ?? "null", skipInputValidation: true);

        // Strict is what this protocol takes silence for.
        json.WriteBoolean("strict"u8, tool.Strict);
        json.WriteEndObject();
    }

    private void WriteChoice(ChatRequest request)
    {
        if (request.ToolChoice is { } choice && !model.IsRejected("tool_choice", changes))
        {
            json.WritePropertyName("tool_choice"u8);
            if (choice.Mode == ToolChoiceMode.Named)
            {
                json.WriteStartObject();
                json.WriteString("type"u8, "function"u8);
                json.WriteString("name"u8, ToolNames.OpenAi.Of(choice.Name!));
                json.WriteEndObject();
            }
            else
            {
                json.WriteStringValue(OpenAiToolWriter.NameOf(choice.Mode));
            }
        }

        if (request.ParallelTools is { } parallel && !model.IsRejected("parallel_tool_calls", changes))
        {
            json.WriteBoolean("parallel_tool_calls"u8, parallel);
        }
    }

    private void WriteText(ChatRequest request)
    {
        var format = request.Format is not null && !model.IsRejected("response_format", changes) ? request.Format : null;
        var verbosity = model.Rejects.Contains(Verbosity, StringComparer.Ordinal) ? null : ResponseRequestWriter.Find(request, Verbosity);
        if (format is null && verbosity is null)
        {
            return;
        }

        json.WriteStartObject("text"u8);
        if (format is not null)
        {
            WriteFormat(format);
        }

        if (verbosity is not null)
        {
            json.WritePropertyName(Verbosity);
            json.WriteRawValue(verbosity, skipInputValidation: true);
        }

        json.WriteEndObject();
    }

    private void WriteFormat(AnswerFormat format)
    {
        json.WriteStartObject("format"u8);
        if (OpenAiToolWriter.SchemaOf(format, model) is not { } schema)
        {
            json.WriteString("type"u8, "json_object"u8);
        }
        else
        {
            json.WriteString("type"u8, "json_schema"u8);
            OpenAiToolWriter.WriteSchema(json, format, schema);
        }

        json.WriteEndObject();
    }
}
