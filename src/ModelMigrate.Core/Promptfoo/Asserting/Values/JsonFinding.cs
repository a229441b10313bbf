using System.Text.Json;
using ModelMigrate.Core.Checks.Schemas;
using ModelMigrate.Core.Checks.Schemas.Values;
using ModelMigrate.Core.Configuration.Yaml;
using ModelMigrate.Core.Metrics.Json;
using ModelMigrate.Core.Promptfoo.Templates;

namespace ModelMigrate.Core.Promptfoo.Asserting.Values;

/// <summary>What an answer holds as JSON. Schemas are of draft 7 unless they name another, and <c>format</c> holds, as with promptfoo's validator.</summary>
internal static class JsonFinding
{
    public static Finding Equal(AssertionInput input)
    {
        if (input.Value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Null))
        {
            return Finding.Of(string.Equals(input.Output, input.Text, StringComparison.Ordinal), $"equal \"{input.Text}\"");
        }

        using var output = AnswerJson.TryParse(input.Output);
        return Finding.Of(output is not null && JsonEquality.Instance.Equals(output.RootElement, input.Value), $"equal {TemplateText.Json(input.Value)}");
    }

    public static Finding Whole(AssertionInput input)
    {
        var (schema, wrong) = Schema(input);
        using var output = AnswerJson.TryParse(input.Output);
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
            var end = AnswerJson.Balanced(text, at);
            var part = end < 0 ? null : text[at..end];
            var found = part is null ? null : AnswerJson.TryParse(part) ?? (isLoose ? ParseYaml(part) : null);
            if (found is not null)
            {
                yield return found;
            }

            var from = found is null ? at + 1 : end;
            var next = from < text.Length ? text.AsSpan(from).IndexOfAny(openings) : -1;
            at = next < 0 ? -1 : from + next;
        }
    }

    private static JsonDocument? ParseYaml(string text) =>
        YamlLoader.Load(text, []) is YamlMapping map ? JsonDocument.Parse(TemplateText.Json(YamlJson.Convert(map))) : null;
}
