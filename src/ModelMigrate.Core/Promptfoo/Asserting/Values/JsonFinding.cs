using System.Text.Json;
using ModelMigrate.Core.Checks.Schemas;
using ModelMigrate.Core.Checks.Schemas.Values;
using ModelMigrate.Core.Configuration.Yaml;
using ModelMigrate.Core.Promptfoo.Templates;

namespace ModelMigrate.Core.Promptfoo.Asserting.Values;

/// <summary>What an answer holds as JSON. Schemas are of draft 7 unless they name another, and <c>format</c> holds, as with promptfoo's validator.</summary>
internal static class JsonFinding
{
    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = 64 };

    public static Finding Equal(AssertionInput input)
    {
        if (input.Value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Null))
        {
            return Finding.Of(string.Equals(input.Output, input.Text, StringComparison.Ordinal), $"equal \"{input.Text}\"");
        }

        using var output = Parse(input.Output);
        return Finding.Of(output is not null && JsonEquality.Instance.Equals(output.RootElement, input.Value), $"equal {TemplateText.Json(input.Value)}");
    }

    public static Finding Whole(AssertionInput input)
    {
        var (schema, wrong) = Schema(input);
        using var output = Parse(input.Output);
        return wrong.Length > 0 ? Finding.Wrong(wrong)
            : output is null ? Finding.Of(holds: false, "be JSON")
            : schema is null ? Finding.Of(holds: true, "be JSON")
            : Finding.Of(schema.Validate(output.RootElement) is { Count: 0 }, "be JSON that holds to the schema");
    }

    public static Finding Within(AssertionInput input)
    {
        var (schema, wrong) = Schema(input);
        if (wrong.Length > 0)
        {
            return Finding.Wrong(wrong);
        }

        foreach (var found in Parts(input.Output, input.Mode == PromptfooMode.Compat))
        {
            using (found)
            {
                if (schema is null || schema.Validate(found.RootElement).Count == 0)
                {
                    return Finding.Of(holds: true, schema is null ? "contain JSON" : "contain JSON that holds to the schema");
                }
            }
        }

        return Finding.Of(holds: false, schema is null ? "contain JSON" : "contain JSON that holds to the schema");
    }

    public static (object? Compiled, string Wrong) Compile(JsonElement value)
    {
        if (value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null || (value.ValueKind == JsonValueKind.String && value.GetString()!.Length == 0))
        {
            return (null, "");
        }

        var schema = value;
        if (value.ValueKind == JsonValueKind.String)
        {
            var faults = new List<YamlFault>();
            if (YamlLoader.Load(value.GetString()!, faults) is not { } read)
            {
                return (null, "the schema is no JSON and no YAML");
            }

            schema = YamlJson.Convert(read);
        }

        var made = schema.ValueKind is JsonValueKind.Object or JsonValueKind.True or JsonValueKind.False
            ? JsonSchema.TryRead(schema, new SchemaOptions { Draft = SchemaDraft.Draft7, AssertFormat = true }, out var problems)
            : JsonSchema.TryRead(schema, new SchemaOptions(), out problems);
        return made is null ? (null, $"the schema is wrong: {string.Join(" ", problems.Take(3))}") : (made, "");
    }

    private static (JsonSchema? Schema, string Wrong) Schema(AssertionInput input) =>
        input.Assertion.Prepared is JsonSchema kept ? (kept, "") : Compile(input.Value) is var (made, wrong) ? (made as JsonSchema, wrong) : (null, "");

    /// <summary>Each object and list that stands in a text by itself; loosely read only objects, and what is one in YAML too, as promptfoo does.</summary>
    private static IEnumerable<JsonDocument> Parts(string text, bool isLoose)
    {
        var openings = isLoose ? "{" : "{[";
        for (var at = text.AsSpan().IndexOfAny(openings); at >= 0;)
        {
            var (found, length) = Part(text, at, isLoose);
            if (found is not null)
            {
                yield return found;
            }

            var from = at + Math.Max(1, length);
            var next = from < text.Length ? text.AsSpan(from).IndexOfAny(openings) : -1;
            at = next < 0 ? -1 : from + next;
        }
    }

    private static (JsonDocument? Found, int Length) Part(string text, int at, bool isLoose)
    {
        var (depth, inString) = (0, false);
        for (var i = at; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\\' when inString:
                    i++;
                    break;
                case '"':
                    inString = !inString;
                    break;
                case '{' or '[' when !inString:
                    depth++;
                    break;
                case '}' or ']' when !inString && --depth == 0:
                    return (Parse(text[at..(i + 1)]) ?? (isLoose ? ParseYaml(text[at..(i + 1)]) : null)) is { } found ? (found, i + 1 - at) : (null, 1);
            }
        }

        return (null, 1);
    }

    private static JsonDocument? ParseYaml(string text) =>
        YamlLoader.Load(text, []) is YamlMapping map ? JsonDocument.Parse(TemplateText.Json(YamlJson.Convert(map))) : null;

    private static JsonDocument? Parse(string text)
    {
        try
        {
            return JsonDocument.Parse(text, s_options);
        }
        catch (Exception wrong) when (wrong is JsonException or System.Text.EncoderFallbackException or ArgumentException)
        {
            return null;
        }
    }
}
