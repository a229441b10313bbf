using System.Text.Json;
using ModelMigrate.Core.Metrics.Json;

namespace ModelMigrate.Core.Metrics.Tools;

/// <summary>Calls of tools as JSON: an array, or one call; each <c>{"name", "arguments"}</c>, or as the protocols of OpenAI, Anthropic and Gemini write them.</summary>
internal static class ToolCalls
{
    private static readonly string[] s_arguments = ["arguments", "input", "args", "parameters"];

    /// <summary>Each call as its name and, unless only names are asked for, its arguments in canonical form. Null when the text is no list of calls.</summary>
    public static IReadOnlyList<string>? TryRead(string text, bool onlyNames)
    {
        using var json = AnswerJson.TryParse(text);
        if (json is null)
        {
            // Words beside no call are an answer without calls; the caller knows which.
            return null;
        }

        var root = json.RootElement;
        if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("tool_calls", out var inside))
        {
            root = inside;
        }

        var calls = new List<string>();
        foreach (var call in root.ValueKind == JsonValueKind.Array ? [.. root.EnumerateArray()] : new[] { root })
        {
            if (Read(call, onlyNames) is not { } one)
            {
                return null;
            }

            calls.Add(one);
        }

        return calls;
    }

    private static string? Read(JsonElement call, bool onlyNames)
    {
        if (call.ValueKind == JsonValueKind.Object)
        {
            foreach (var wrapper in (ReadOnlySpan<string>)["function", "functionCall", "function_call"])
            {
                if (call.TryGetProperty(wrapper, out var wrapped) && wrapped.ValueKind == JsonValueKind.Object)
                {
                    call = wrapped;
                    break;
                }
            }
        }

        if (call.ValueKind != JsonValueKind.Object || !call.TryGetProperty("name", out var name) || name.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        return onlyNames ? name.GetString() : $"{name.GetString()} {Arguments(call)}";
    }

    private static string Arguments(JsonElement call)
    {
        foreach (var field in s_arguments)
        {
            if (!call.TryGetProperty(field, out var arguments))
            {
                continue;
            }

            if (arguments.ValueKind != JsonValueKind.String)
            {
                return Canonical.Of(arguments);
            }

            // OpenAI writes them as JSON in a string; no arguments may be an empty one.
            var text = arguments.GetString()!;
            using var inner = AnswerJson.TryParse(text.Length == 0 ? "{}" : text);
            return inner is null ? $"not JSON: {text}" : Canonical.Of(inner.RootElement);
        }

        return "{}";
    }
}
