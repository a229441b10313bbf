using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Changes;
using ModelMigrate.Core.Chat.Tools;
using ModelMigrate.Providers.Json;

namespace ModelMigrate.Providers.OpenAi;

/// <summary>Writes tools, the choice among them and the answer's format.</summary>
internal sealed class OpenAiToolWriter(Utf8JsonWriter json, ModelSnapshot model, ChangeList changes)
{
    /// <summary>The protocol demands a name for a schema.</summary>
    private const string UnnamedFormat = "answer";

    /// <summary>What <c>json_object</c> means, for providers that take schemas only.</summary>
    private const string AnyObject = """{"type":"object"}""";

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

        if (request.Format is { } format && !model.IsRejected("response_format", changes))
        {
            WriteFormat(format);
        }
    }

    private void Write(ChatTool tool)
    {
        if (tool.Foreign is { } foreign)
        {
            if (foreign.Protocol == ProviderKind.OpenAi)
            {
                json.WriteRawValue(foreign.Json, skipInputValidation: true);
            }
            else
            {
                changes.Dropped("tools." + foreign.Type);
            }

            return;
        }

        if (tool.Cache is not null)
        {
            changes.Dropped("tools.cache_control");
        }

        json.WriteStartObject();
        json.WriteString("type"u8, "function"u8);
        json.WriteStartObject("function"u8);
        json.WriteString("name"u8, ToolNames.OpenAi.Of(tool.Name, changes));
        if (tool.Description is { } description)
        {
            json.WriteString("description"u8, description);
        }

        if (tool.Schema is { } schema)
        {
            json.WritePropertyName("parameters"u8);
            json.WriteRawValue(schema, skipInputValidation: true);
        }

        if (tool.Strict)
        {
            json.WriteBoolean("strict"u8, value: true);
        }

        json.WriteEndObject();
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
                json.WriteStartObject("function"u8);
                json.WriteString("name"u8, ToolNames.OpenAi.Of(choice.Name!));
                json.WriteEndObject();
                json.WriteEndObject();
            }
            else
            {
                json.WriteStringValue(NameOf(choice.Mode));
            }
        }

        if (request.ParallelTools is { } parallel && !model.IsRejected("parallel_tool_calls", changes))
        {
            json.WriteBoolean("parallel_tool_calls"u8, parallel);
        }
    }

    /// <summary>The word of both of the vendor's protocols for a choice that names no tool.</summary>
    internal static ReadOnlySpan<byte> NameOf(ToolChoiceMode mode) =>
        mode == ToolChoiceMode.Auto ? "auto"u8 : mode == ToolChoiceMode.None ? "none"u8 : "required"u8;

    /// <summary>The schema that a format is asked for by, or null where any object may be asked for by name.</summary>
    internal static string? SchemaOf(AnswerFormat format, ModelSnapshot model) => format.Schema ?? (model.Provider.Quirks.JsonObjectBySchema ? AnyObject : null);

    /// <summary>Writes the members of a schema's group, which are those of both protocols.</summary>
    internal static void WriteSchema(Utf8JsonWriter json, AnswerFormat format, string schema)
    {
        json.WriteString("name"u8, format.Name ?? UnnamedFormat);
        if (format.Description is { } description)
        {
            json.WriteString("description"u8, description);
        }

        json.WritePropertyName("schema"u8);
        json.WriteRawValue(schema, skipInputValidation: true);
        if (format.Strict)
        {
            json.WriteBoolean("strict"u8, value: true);
        }
    }

    private void WriteFormat(AnswerFormat format)
    {
        json.WriteStartObject("response_format"u8);
        if (SchemaOf(format, model) is not { } schema)
        {
            json.WriteString("type"u8, "json_object"u8);
            json.WriteEndObject();
            return;
        }

        json.WriteString("type"u8, "json_schema"u8);
        json.WriteStartObject("json_schema"u8);
        WriteSchema(json, format, schema);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
