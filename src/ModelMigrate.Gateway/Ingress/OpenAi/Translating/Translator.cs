using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Gateway.Ingress.Scanning;

namespace ModelMigrate.Gateway.Ingress.OpenAi.Translating;

/// <summary>Reads a chat completions body, already scanned, into the neutral language. Nothing is lost: what that has no word for goes along as it is.</summary>
internal sealed class Translator(FieldReader fields)
{
    public static bool TryTranslate(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out ChatRequest? translated, out ChatError? error) =>
        FieldReader.TryTranslate(body, static (fields, root) => new Translator(fields).Read(root), out translated, out error);

    private ChatRequest Read(JsonElement root)
    {
        var messages = new MessageTranslator(fields);
        messages.Read(root.GetProperty("messages"u8));
        var tools = new ToolTranslator(fields);
        return new ChatRequest
        {
            System = messages.System,
            Turns = messages.Turns,
            Tools = tools.Tools(root),
            ToolChoice = tools.Choice(root),
            ParallelTools = fields.Flag(root, "parallel_tool_calls", "parallel_tool_calls"),
            Format = tools.Format(root),
            Reasoning = Effort(root),
            Stop = fields.Texts(root, "stop", orOne: true),
            MaxTokens = fields.Count(root, "max_completion_tokens", "max_completion_tokens") ?? fields.Count(root, "max_tokens", "max_tokens"),
            Temperature = fields.Number(root, "temperature", 0, 2),
            TopP = fields.Number(root, "top_p", 0, 1),
            PresencePenalty = fields.Number(root, "presence_penalty", -2, 2),
            FrequencyPenalty = fields.Number(root, "frequency_penalty", -2, 2),
            Seed = Seed(root),
            Choices = fields.Count(root, "n", "n") ?? 1,
            Logprobs = fields.Flag(root, "logprobs", "logprobs") ?? false,
            TopLogprobs = fields.Count(root, "top_logprobs", "top_logprobs", least: 0),
            User = fields.Text(root, "user", "user"),
            Fields = [.. Foreign(root), .. messages.SystemName is { } name ? [new ForeignField(ProviderKind.OpenAi, "messages.name", name)] : Array.Empty<ForeignField>()],
        };
    }

    private static IEnumerable<ForeignField> Foreign(JsonElement root)
    {
        foreach (var field in root.EnumerateObject())
        {
            if (!FieldRules.IsRead(field.Name) && field.Value.ValueKind != JsonValueKind.Null && !FieldRules.SaysNothing(field.Name, field.Value))
            {
                yield return new ForeignField(ProviderKind.OpenAi, field.Name, field.Value.GetRawText());
            }
        }
    }

    private Reasoning? Effort(JsonElement root)
    {
        if (fields.Text(root, "reasoning_effort", "reasoning_effort") is not { } text)
        {
            return null;
        }

        if (Enum.TryParse<ReasoningEffort>(text, ignoreCase: true, out var effort) && char.IsAsciiLetter(text[0]))
        {
            return new Reasoning(effort);
        }

        fields.Fail("reasoning_effort", "must be none, minimal, low, medium, high or xhigh");
        return null;
    }

    private long? Seed(JsonElement root)
    {
        if (!FieldReader.Has(root, "seed", out var value))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var seed))
        {
            return seed;
        }

        fields.Fail("seed", "must be a whole number");
        return null;
    }
}
