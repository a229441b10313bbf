using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Tools;
using ModelMigrate.Gateway.Ingress.Scanning;

namespace ModelMigrate.Gateway.Ingress.OpenAi.Responses;

/// <summary>Reads a responses body, already scanned, into the neutral language. Nothing is lost: what that has no word for goes along as it is.</summary>
internal sealed class ResponseTranslator(FieldReader fields)
{
    public static bool TryTranslate(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out ChatRequest? translated, out ChatError? error) =>
        FieldReader.TryTranslate(body, static (fields, root) => new ResponseTranslator(fields).Read(root), out translated, out error);

    private ChatRequest Read(JsonElement root)
    {
        var items = new ItemTranslator(fields);
        items.Read(root);
        return new ChatRequest
        {
            System = items.System,
            Turns = items.Turns,
            Tools = [.. Tools(root)],
            ToolChoice = Choice(root),
            ParallelTools = fields.Flag(root, "parallel_tool_calls", "parallel_tool_calls"),
            Format = Format(root),
            Reasoning = Effort(root),
            MaxTokens = fields.Count(root, "max_output_tokens", "max_output_tokens"),
            Temperature = fields.Number(root, "temperature", 0, 2),
            TopP = fields.Number(root, "top_p", 0, 1),
            User = fields.Text(root, "user", "user"),
            Fields = [.. Foreign(root), .. items.Fields],
        };
    }

    private static IEnumerable<ForeignField> Foreign(JsonElement root)
    {
        foreach (var field in root.EnumerateObject())
        {
            if (!ResponseRules.IsRead(field.Name) && !ResponseRules.SaysNothing(field.Name, field.Value))
            {
                yield return new ForeignField(ProviderKind.OpenAi, field.Name, field.Value.GetRawText()) { IsOfChat = ResponseRules.OfChat.Contains(field.Name, StringComparer.Ordinal) };
            }
        }

        if (Member(root, "text", "verbosity") is { } verbosity)
        {
            yield return new ForeignField(ProviderKind.OpenAi, "verbosity", verbosity.GetRawText());
        }

        if ((Member(root, "reasoning", "summary") ?? Member(root, "reasoning", "generate_summary")) is { } summary)
        {
            yield return new ForeignField(ProviderKind.OpenAi, "reasoning.summary", summary.GetRawText());
        }
    }

    private static JsonElement? Member(JsonElement root, string parent, string name) =>
        FieldReader.Has(root, parent, out var group) && group.ValueKind == JsonValueKind.Object && FieldReader.Has(group, name, out var value) ? value : null;

    private IEnumerable<ChatTool> Tools(JsonElement root)
    {
        foreach (var tool in fields.Items(root, "tools", "tools"))
        {
            yield return new ChatTool
            {
                Name = fields.Required(tool, "name", "tools.name"),
                Description = fields.Text(tool, "description", "tools.description"),
                Schema = fields.Object(tool, "parameters", "tools.parameters"),
                Strict = fields.Flag(tool, "strict", "tools.strict") ?? false,
            };
        }
    }

    private ToolChoice? Choice(JsonElement root)
    {
        if (!FieldReader.Has(root, "tool_choice", out var choice))
        {
            return null;
        }

        if (choice.ValueKind == JsonValueKind.Object)
        {
            return new ToolChoice(ToolChoiceMode.Named, fields.Required(choice, "name", "tool_choice.name"));
        }

        switch (choice.ValueKind == JsonValueKind.String ? choice.GetString() : null)
        {
            case "auto":
                return new ToolChoice(ToolChoiceMode.Auto);
            case "none":
                return new ToolChoice(ToolChoiceMode.None);
            case "required":
                return new ToolChoice(ToolChoiceMode.Required);
            default:
                fields.Fail("tool_choice", "must be auto, none, required, or an object that names a function");
                return null;
        }
    }

    /// <summary>Null for plain text.</summary>
    private AnswerFormat? Format(JsonElement root)
    {
        if (Member(root, "text", "format") is not { } format)
        {
            return null;
        }

        switch (format.ValueKind == JsonValueKind.Object ? fields.Required(format, "type", "text.format.type") : null)
        {
            case "text":
                return null;
            case "json_object":
                return new AnswerFormat();
            case "json_schema":
                return new AnswerFormat
                {
                    Name = fields.Text(format, "name", "text.format.name"),
                    Description = fields.Text(format, "description", "text.format.description"),
                    Schema = fields.Object(format, "schema", "text.format.schema"),
                    Strict = fields.Flag(format, "strict", "text.format.strict") ?? false,
                };
            default:
                fields.Fail("text.format", "must have the type text, json_object or json_schema");
                return null;
        }
    }

    private Reasoning? Effort(JsonElement root)
    {
        if (Member(root, "reasoning", "effort") is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text && char.IsAsciiLetter(text[0])
            && Enum.TryParse<ReasoningEffort>(text, ignoreCase: true, out var effort))
        {
            return new Reasoning(effort);
        }

        fields.Fail("reasoning.effort", "must be none, minimal, low, medium, high or xhigh");
        return null;
    }
}
