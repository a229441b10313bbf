using System.Text.Json;
using ModelMigrate.Core.Checks.Schemas.Reading;

namespace ModelMigrate.Core.Checks.Schemas.Keywords;

/// <summary>Keywords that apply other schemas to the same place.</summary>
internal static class ApplicatorKeywords
{
    /// <summary>Alternatives of which the message says why they do not hold.</summary>
    private const int MostReasons = 3;

    public static Keyword? Read(SchemaSource source, JsonProperty member) => member.Name switch
    {
        "allOf" => AllOf(source.Many("allOf", member.Value)),
        "anyOf" => AnyOf(source.Node, source.Many("anyOf", member.Value)),
        "oneOf" => OneOf(source.Node, source.Many("oneOf", member.Value)),
        "not" => Not(source.Node, source.Sub("not", member.Value)),
        "if" => If(source.Sub("if", member.Value), source.Beside("then"), source.Beside("else")),
        "dependentSchemas" when !source.IsDraft7 => Dependent("dependentSchemas", source.Named("dependentSchemas", member.Value)),
        _ => null,
    };

    /// <summary>Schemas for objects that have a member of that name.</summary>
    public static Keyword Dependent(string keyword, Dictionary<string, SchemaNode> schemas) => new(
        keyword,
        (instance, run) =>
        {
            var holds = true;
            foreach (var (name, schema) in schemas)
            {
                holds &= instance.ValueKind != JsonValueKind.Object || !instance.TryGetProperty(name, out _) || run.InPlace(schema, instance);
            }

            return holds;
        })
    {
        InPlace = [.. schemas.Values],
    };

    private static Keyword AllOf(List<SchemaNode> schemas) => new(
        "allOf",
        (instance, run) =>
        {
            var holds = true;
            foreach (var schema in schemas)
            {
                holds &= run.InPlace(schema, instance);
            }

            return holds;
        })
    {
        InPlace = schemas,
    };

    /// <summary>All are asked, also when one holds: each may have looked at something.</summary>
    private static Keyword AnyOf(SchemaNode node, List<SchemaNode> schemas) => new(
        "anyOf",
        (instance, run) =>
        {
            var holds = false;
            var reasons = new List<string>();
            foreach (var schema in schemas)
            {
                holds |= run.Ask(schema, instance, out var why);
                if (why is not null && reasons.Count < MostReasons)
                {
                    reasons.Add(why);
                }
            }

            return holds || run.Fail(node, "anyOf", $"meets none of {schemas.Count} alternatives{(reasons.Count > 0 ? $": {string.Join("; ", reasons)}" : "")}");
        })
    {
        InPlace = schemas,
    };

    private static Keyword OneOf(SchemaNode node, List<SchemaNode> schemas) => new(
        "oneOf",
        (instance, run) => Count(schemas, instance, run) is var count && (count == 1 || run.Fail(node, "oneOf", $"meets {count} of {schemas.Count} alternatives, must meet exactly one")))
    {
        InPlace = schemas,
    };

    private static Keyword Not(SchemaNode node, SchemaNode schema) => new(
        "not", (instance, run) => !Holds(schema, instance, run) || run.Fail(node, "not", "meets a schema that it must not meet"))
    {
        InPlace = [schema],
    };

    private static Keyword If(SchemaNode condition, SchemaNode? then, SchemaNode? otherwise) => new(
        "if", (instance, run) => (Holds(condition, instance, run) ? then : otherwise) is not { } next || run.InPlace(next, instance))
    {
        InPlace = [.. new[] { condition, then, otherwise }.OfType<SchemaNode>()],
    };

    /// <summary>All are asked, also when one holds: each may have looked at something.</summary>
    private static int Count(List<SchemaNode> schemas, JsonElement instance, Evaluation run)
    {
        var count = 0;
        foreach (var schema in schemas)
        {
            count += Holds(schema, instance, run) ? 1 : 0;
        }

        return count;
    }

    private static bool Holds(SchemaNode schema, JsonElement instance, Evaluation run) => run.Quietly(() => run.InPlace(schema, instance));
}
