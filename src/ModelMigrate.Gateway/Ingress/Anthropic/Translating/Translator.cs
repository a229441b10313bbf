using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Tools;
using ModelMigrate.Gateway.Ingress.Scanning;

namespace ModelMigrate.Gateway.Ingress.Anthropic.Translating;

/// <summary>Reads a messages body, already scanned, into the neutral language. Nothing is lost: what that has no word for goes along as it is.</summary>
internal sealed class Translator(FieldReader fields)
{
    public static bool TryTranslate(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out ChatRequest? translated, out ChatError? error) =>
        FieldReader.TryTranslate(body, static (fields, root) => new Translator(fields).Read(root), out translated, out error);

    private ChatRequest Read(JsonElement root)
    {
        var messages = new MessageTranslator(fields);
        messages.Read(root);
        var tools = new ToolTranslator(fields);
        var choice = tools.Choice(root, out var isSingle);
        return new ChatRequest
        {
            System = messages.System,
            Turns = messages.Turns,
            Tools = tools.Tools(root),
            ToolChoice = choice,
            ParallelTools = isSingle ? false : null,
            Format = Format(root),
            Reasoning = Thinking(root),
            Stop = fields.Texts(root, "stop_sequences", orOne: false),
            MaxTokens = fields.Count(root, "max_tokens", "max_tokens"),
            Temperature = fields.Number(root, "temperature", 0, 1),
            TopP = fields.Number(root, "top_p", 0, 1),
            TopK = fields.Count(root, "top_k", "top_k", least: 0),
            User = FieldReader.Has(root, "metadata", out var metadata) ? fields.Text(metadata, "user_id", "metadata.user_id") : null,
            Fields = [.. Foreign(root)],
        };
    }

    private static IEnumerable<ForeignField> Foreign(JsonElement root)
    {
        foreach (var field in root.EnumerateObject())
        {
            // A format that is no object is none that the protocol defines.
            var isRead = FieldRules.IsRead(field.Name) && (field.Name != "output_format" || field.Value.ValueKind == JsonValueKind.Object);
            if (!isRead && field.Value.ValueKind != JsonValueKind.Null)
            {
                yield return new ForeignField(ProviderKind.Anthropic, field.Name, field.Value.GetRawText());
            }
        }

        foreach (var (parent, known) in new[] { ("metadata", "user_id"), ("output_config", "effort format") })
        {
            if (FieldReader.Has(root, parent, out var group) && group.ValueKind == JsonValueKind.Object)
            {
                foreach (var field in group.EnumerateObject())
                {
                    if (!known.Split(' ').Contains(field.Name, StringComparer.Ordinal))
                    {
                        yield return new ForeignField(ProviderKind.Anthropic, $"{parent}.{field.Name}", field.Value.GetRawText());
                    }
                }
            }
        }
    }

    private Reasoning? Thinking(JsonElement root)
    {
        ReasoningEffort? effort = null;
        if (FieldReader.Has(root, "output_config", out var output) && output.ValueKind == JsonValueKind.Object
            && fields.Text(output, "effort", "output_config.effort") is { } word)
        {
            if (Enum.TryParse<ReasoningEffort>(word, ignoreCase: true, out var named) && char.IsAsciiLetter(word[0]))
            {
                effort = named;
            }
            else
            {
                fields.Fail("output_config.effort", "must be low, medium, high or max");
            }
        }

        if (!FieldReader.Has(root, "thinking", out var thinking))
        {
            return effort is { } alone ? new Reasoning(alone) : null;
        }

        switch (thinking.ValueKind == JsonValueKind.Object ? fields.Required(thinking, "type", "thinking.type") : null)
        {
            case "disabled":
                return new Reasoning(ReasoningEffort.None);
            case "adaptive":
                return new Reasoning(effort ?? ReasoningEffort.High);
            case "enabled" when fields.Count(thinking, "budget_tokens", "thinking.budget_tokens") is { } budget:
                return new Reasoning(effort ?? EffortOf(budget), budget);
            default:
                fields.Fail("thinking", "must be disabled, adaptive, or enabled with a 'budget_tokens'");
                return null;
        }
    }

    /// <summary>The level whose budget a number is nearest below; the same steps as towards this protocol.</summary>
    private static ReasoningEffort EffortOf(int budget) => budget switch
    {
        < 4096 => ReasoningEffort.Low,
        < 16384 => ReasoningEffort.Medium,
        _ => ReasoningEffort.High,
    };

    /// <summary>The schema of the answer, from the field's present or its earlier place.</summary>
    private AnswerFormat? Format(JsonElement root)
    {
        var hasFormat = FieldReader.Has(root, "output_config", out var output) && output.ValueKind == JsonValueKind.Object
            && FieldReader.Has(output, "format", out output);
        if (!hasFormat && (!FieldReader.Has(root, "output_format", out output) || output.ValueKind != JsonValueKind.Object))
        {
            return null;
        }

        if (output.ValueKind == JsonValueKind.Object && fields.Text(output, "type", "output_config.format.type") == "json_schema"
            && fields.Object(output, "schema", "output_config.format.schema") is { } schema)
        {
            return new AnswerFormat { Schema = schema, Strict = true };
        }

        fields.Fail("output_config.format", "must have the type json_schema and a 'schema'");
        return null;
    }
}
