using System.Text.Json;
using ModelMigrate.Core.Metrics.Json;

namespace ModelMigrate.Core.Promptfoo.Asserting.Values;

/// <summary>Whether an answer's calls are of tools that the provider was told of, with arguments that hold to their schemas; and how many of the expected ones there are.</summary>
internal static class ToolFinding
{
    /// <summary>Calls as the protocol of OpenAI has them.</summary>
    public static Finding Calls(AssertionInput input)
    {
        var value = input.Answer.Value;
        value = value.ValueKind == JsonValueKind.Object && value.TryGetProperty("tool_calls", out var inside) ? inside : value;
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() == 0)
        {
            return Valid(input, "call tools as the protocol of OpenAI has it");
        }

        var known = input.Answer.Provider?.Tools ?? [];
        return Valid(input, "call known tools with arguments that hold to their schemas", known.Count == 0 ? "the provider has no tools" : value.EnumerateArray()
            .Select(call => call.ValueKind == JsonValueKind.Object && call.TryGetProperty("function", out var function) ? Wrong(function, known) : "one is no call of a function").FirstOrDefault(static wrong => wrong is not null) ?? "");
    }

    /// <summary>One call by the older name of OpenAI, or those of Gemini.</summary>
    public static Finding Function(AssertionInput input)
    {
        var (value, provider) = (input.Answer.Value, input.Answer.Provider);
        value = value.ValueKind == JsonValueKind.Object && value.TryGetProperty("function_call", out var inside) ? inside : value;
        if (value.ValueKind == JsonValueKind.Array)
        {
            var calls = value.EnumerateArray().Where(static each => each.ValueKind == JsonValueKind.Object && each.TryGetProperty("functionCall", out _)).Select(static each => each.GetProperty("functionCall")).ToList();
            return Valid(input, "call known functions with arguments that hold to their schemas", calls.Count == 0 ? "it calls no function; calls of tools are held by is-valid-openai-tools-call"
                : calls.Select(call => Wrong(call, provider?.Tools ?? [])).FirstOrDefault(static wrong => wrong is not null) ?? "");
        }

        return value.ValueKind == JsonValueKind.Object ? Valid(input, "call a known function with arguments that hold to its schema", Wrong(value, provider?.Functions ?? []) ?? "") : Valid(input, "call a function");
    }

    /// <summary>F1 of the names of tools: each counts once in compat, and as often as it is called in strict.</summary>
    public static Finding F1(AssertionInput input)
    {
        var names = input.Value.ValueKind == JsonValueKind.Array ? input.List : [.. input.Text.Split(',').Select(static name => name.Trim())];
        var called = ToolNames.Of(input.Answer);
        var says = $"F1 of the tools [{string.Join(", ", names)}], of which it called [{string.Join(", ", called)}],";
        if (input.Mode == PromptfooMode.Strict)
        {
            return Finding.Scored(F1(names, called), says);
        }

        var score = F1([.. names.Distinct(StringComparer.Ordinal)], [.. called.Distinct(StringComparer.Ordinal)]);
        // not- leaves the score as it is.
        return Finding.Of(score >= input.Threshold(1), $"{says} at {AssertionInput.Shown(input.Threshold(1))} or more; it is {AssertionInput.Shown(score)}") with { Own = score };
    }

    private static double F1(IReadOnlyList<string> expected, IReadOnlyList<string> called)
    {
        var left = called.ToList();
        var shared = expected.Count(left.Remove);
        return shared == 0 ? 0 : 2.0 * shared / (expected.Count + called.Count);
    }

    private static string? Wrong(JsonElement call, IReadOnlyList<PromptfooTool> known)
    {
        if (call.ValueKind != JsonValueKind.Object || !call.TryGetProperty("name", out var name) || name.ValueKind != JsonValueKind.String
            || !(call.TryGetProperty("arguments", out var given) || call.TryGetProperty("args", out given)) || given.ValueKind is not (JsonValueKind.String or JsonValueKind.Object))
        {
            return "it has no name or no arguments";
        }

        if (known.FirstOrDefault(each => each.Tool.Name == name.GetString()) is not { } tool)
        {
            return $"there is no '{name.GetString()}'";
        }

        using var read = given.ValueKind == JsonValueKind.String ? AnswerJson.TryParse(given.GetString()!) : null;
        if (given.ValueKind == JsonValueKind.String && read is null)
        {
            return $"the arguments of '{tool.Tool.Name}' are no JSON";
        }

        return tool.Schema is null || tool.Schema.Validate(read?.RootElement ?? given) is { Count: 0 } ? null : $"the arguments of '{tool.Tool.Name}' do not hold to its schema";
    }

    /// <summary>In compat promptfoo's <c>not-</c> turns nothing round.</summary>
    private static Finding Valid(AssertionInput input, string says, string wrong = "it does not") =>
        Finding.Of((wrong.Length == 0) != (input.Mode == PromptfooMode.Compat && input.Assertion.IsInverse), wrong.Length == 0 ? says : $"{says}; {wrong}");
}
