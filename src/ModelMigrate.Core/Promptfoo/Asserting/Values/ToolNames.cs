using System.Text.Json;
using ModelMigrate.Core.Metrics.Json;

namespace ModelMigrate.Core.Promptfoo.Asserting.Values;

/// <summary>The names of the tools that an answer calls, as often as it does: in the shapes of OpenAI, Anthropic and Gemini, as a value, as text, or on lines of a text.</summary>
internal static class ToolNames
{
    public static IReadOnlyList<string> Of(GradedAnswer answer)
    {
        if (answer.Value.ValueKind != JsonValueKind.Undefined)
        {
            return [.. In(answer.Value)];
        }

        return Read(answer.Output) ?? [.. answer.Output.Split('\n').Select(static line => line.Trim()).Where(static line => line is ['{' or '[', ..]).SelectMany(static line => Read(line) ?? [])];
    }

    private static List<string>? Read(string text)
    {
        using var json = AnswerJson.TryParse(text);
        return json is null ? null : [.. In(json.RootElement)];
    }

    private static IEnumerable<string> In(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            return value.EnumerateArray().Where(static item => item.ValueKind == JsonValueKind.Object).Select(static item => Name(item, isInList: true)).OfType<string>();
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            return [];
        }

        if (value.TryGetProperty("tool_calls", out var calls) && calls.ValueKind == JsonValueKind.Array)
        {
            return In(calls);
        }

        return value.TryGetProperty("toolCall", out var live) && live.ValueKind == JsonValueKind.Object
            ? live.TryGetProperty("functionCalls", out var listed) && listed.ValueKind == JsonValueKind.Array ? In(listed) : []
            : Name(value, isInList: false) is { } name ? [name] : [];
    }

    /// <summary>An object by itself needs to say that it is a call.</summary>
    private static string? Name(JsonElement call, bool isInList)
    {
        foreach (var wrapper in (ReadOnlySpan<string>)["functionCall", "function"])
        {
            if (call.TryGetProperty(wrapper, out var inside) && inside.ValueKind == JsonValueKind.Object && (isInList || wrapper == "functionCall"))
            {
                return Text(inside, "name");
            }
        }

        return isInList || Text(call, "type") == "tool_use" ? Text(call, "name") : null;
    }

    private static string? Text(JsonElement group, string name) => group.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
