using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat.Parts;
using ModelMigrate.Core.Chat.Tools;
using ModelMigrate.Gateway.Ingress.Scanning;

namespace ModelMigrate.Gateway.Ingress.Anthropic.Translating;

/// <summary>Reads <c>tools</c> and <c>tool_choice</c>.</summary>
internal sealed class ToolTranslator(FieldReader fields)
{
    public List<ChatTool> Tools(JsonElement root)
    {
        var tools = new List<ChatTool>();
        foreach (var tool in fields.Items(root, "tools", "tools"))
        {
            if (fields.Text(tool, "type", "tools.type") is { } type and not "custom")
            {
                tools.Add(new ChatTool { Name = type, Foreign = new ForeignPart(ProviderKind.Anthropic, type, tool.GetRawText()) });
                continue;
            }

            tools.Add(new ChatTool
            {
                Name = fields.Required(tool, "name", "tools.name"),
                Description = fields.Text(tool, "description", "tools.description"),
                Schema = fields.Object(tool, "input_schema", "tools.input_schema"),
                Strict = fields.Flag(tool, "strict", "tools.strict") ?? false,
                Cache = fields.Object(tool, "cache_control", "tools.cache_control") is { } mark ? new CacheMark(mark) : null,
            });
        }

        return tools;
    }

    /// <param name="root">The request.</param>
    /// <param name="isSingle">Whether one tool at once is the most.</param>
    public ToolChoice? Choice(JsonElement root, out bool isSingle)
    {
        isSingle = false;
        if (!FieldReader.Has(root, "tool_choice", out var choice))
        {
            return null;
        }

        if (choice.ValueKind == JsonValueKind.Object)
        {
            isSingle = fields.Flag(choice, "disable_parallel_tool_use", "tool_choice.disable_parallel_tool_use") ?? false;
            switch (fields.Required(choice, "type", "tool_choice.type"))
            {
                case "auto":
                    return new ToolChoice(ToolChoiceMode.Auto);
                case "none":
                    return new ToolChoice(ToolChoiceMode.None);
                case "any":
                    return new ToolChoice(ToolChoiceMode.Required);
                case "tool":
                    return new ToolChoice(ToolChoiceMode.Named, fields.Required(choice, "name", "tool_choice.name"));
            }
        }

        fields.Fail("tool_choice", "must be an object of the type auto, any, tool or none");
        return null;
    }
}
