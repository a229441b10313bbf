using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat.Parts;
using ModelMigrate.Core.Chat.Tools;
using ModelMigrate.Gateway.Ingress.Scanning;

namespace ModelMigrate.Gateway.Ingress.OpenAi.Translating;

/// <summary>Reads <c>tools</c>, <c>tool_choice</c> and <c>response_format</c>.</summary>
internal sealed class ToolTranslator(FieldReader fields)
{
    public List<ChatTool> Tools(JsonElement root)
    {
        var tools = new List<ChatTool>();
        foreach (var tool in fields.Items(root, "tools", "tools"))
        {
            if (fields.Text(tool, "type", "tools.type") is { } type and not "function")
            {
                tools.Add(new ChatTool { Name = type, Foreign = new ForeignPart(ProviderKind.OpenAi, type, tool.GetRawText()) });
                continue;
            }

            var function = tool.TryGetProperty("function"u8, out var named) ? named : default;
            var name = fields.Required(function, "name", "tools.function.name");
            if (function.ValueKind == JsonValueKind.Object)
            {
                tools.Add(new ChatTool
                {
                    Name = name,
                    Description = fields.Text(function, "description", "tools.function.description"),
                    Schema = fields.Object(function, "parameters", "tools.function.parameters"),
                    Strict = fields.Flag(function, "strict", "tools.function.strict") ?? false,
                });
            }
        }

        return tools;
    }

    public ToolChoice? Choice(JsonElement root)
    {
        if (!FieldReader.Has(root, "tool_choice", out var choice))
        {
            return null;
        }

        if (choice.ValueKind == JsonValueKind.Object)
        {
            return choice.TryGetProperty("function"u8, out var function)
                ? new ToolChoice(ToolChoiceMode.Named, fields.Required(function, "name", "tool_choice.function.name"))
                : Wrong();
        }

        return choice.ValueKind != JsonValueKind.String ? Wrong() : choice.GetString() switch
        {
            "auto" => new ToolChoice(ToolChoiceMode.Auto),
            "none" => new ToolChoice(ToolChoiceMode.None),
            "required" => new ToolChoice(ToolChoiceMode.Required),
            _ => Wrong(),
        };
    }

    /// <summary>Null for plain text.</summary>
    public AnswerFormat? Format(JsonElement root)
    {
        if (!FieldReader.Has(root, "response_format", out var format))
        {
            return null;
        }

        switch (format.ValueKind == JsonValueKind.Object ? fields.Required(format, "type", "response_format.type") : null)
        {
            case "text":
                return null;
            case "json_object":
                return new AnswerFormat();
            case "json_schema" when format.TryGetProperty("json_schema"u8, out var wanted) && wanted.ValueKind == JsonValueKind.Object:
                return new AnswerFormat
                {
                    Name = fields.Text(wanted, "name", "response_format.json_schema.name"),
                    Description = fields.Text(wanted, "description", "response_format.json_schema.description"),
                    Schema = fields.Object(wanted, "schema", "response_format.json_schema.schema"),
                    Strict = fields.Flag(wanted, "strict", "response_format.json_schema.strict") ?? false,
                };
            default:
                fields.Fail("response_format", "must have the type text, json_object, or json_schema with a 'json_schema' object");
                return null;
        }
    }

    private ToolChoice? Wrong()
    {
        fields.Fail("tool_choice", "must be auto, none, required, or an object that names a function");
        return null;
    }
}
