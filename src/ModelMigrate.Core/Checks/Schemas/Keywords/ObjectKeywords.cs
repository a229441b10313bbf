using System.Text.Json;
using ModelMigrate.Core.Checks.Schemas.Reading;
using ModelMigrate.Core.Checks.Schemas.Values;

namespace ModelMigrate.Core.Checks.Schemas.Keywords;

/// <summary>Keywords about an object's members. They pass over what is no object.</summary>
internal static class ObjectKeywords
{
    public static Keyword? Read(SchemaSource source, JsonProperty member) => member.Name switch
    {
        "properties" => Properties(source.Named("properties", member.Value)),
        "patternProperties" => PatternProperties(Patterns(source, member.Value)),
        "additionalProperties" => Additional(source, source.Sub("additionalProperties", member.Value)),
        "propertyNames" => PropertyNames(source.Sub("propertyNames", member.Value)),
        "dependencies" when source.IsDraft7 => Dependencies(source, member.Value),
        "unevaluatedProperties" when !source.IsDraft7 => Unevaluated(source.Sub("unevaluatedProperties", member.Value)),
        _ => null,
    };

    private static Keyword Properties(Dictionary<string, SchemaNode> schemas) => OnMembers(
        "properties", (member, run) => !schemas.TryGetValue(member.Name, out var schema) || Apply(schema, member, run));

    private static Keyword PatternProperties(List<(EcmaPattern Pattern, SchemaNode Schema)> patterns) => OnMembers(
        "patternProperties",
        (member, run) =>
        {
            var holds = true;
            foreach (var (pattern, schema) in patterns)
            {
                holds &= pattern.Matches(member.Name) == false || Apply(schema, member, run);
            }

            return holds;
        });

    private static Keyword Additional(SchemaSource source, SchemaNode schema)
    {
        var named = source.Schema.TryGetProperty("properties"u8, out var properties)
            ? properties.EnumerateObject().Select(static property => property.Name).ToHashSet(StringComparer.Ordinal)
            : [];
        var patterns = source.Schema.TryGetProperty("patternProperties"u8, out var given) ? Patterns(source, given) : [];
        return OnMembers(
            "additionalProperties",
            (member, run) => named.Contains(member.Name) || patterns.Exists(each => each.Pattern.Matches(member.Name) != false) || Apply(schema, member, run));
    }

    private static Keyword PropertyNames(SchemaNode schema) => OnMembers(
        "propertyNames", (member, run) => run.Member(schema, member.Name, JsonSerializer.SerializeToElement(member.Name)));

    private static Keyword Unevaluated(SchemaNode schema) => OnMembers(
        "unevaluatedProperties", (member, run) => run.Seen!.HasName(member.Name) || Apply(schema, member, run)) with
    {
        Order = 1,
    };

    private static Keyword Dependencies(SchemaSource source, JsonElement value)
    {
        var schemas = new Dictionary<string, SchemaNode>(StringComparer.Ordinal);
        var names = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var each in value.EnumerateObject())
        {
            if (each.Value.ValueKind == JsonValueKind.Array)
            {
                names[each.Name] = AssertionKeywords.Texts(each.Value);
            }
            else
            {
                schemas[each.Name] = source.Sub($"dependencies/{JsonPointer.Escape(each.Name)}", each.Value);
            }
        }

        var (bySchema, byName) = (ApplicatorKeywords.Dependent("dependencies", schemas), AssertionKeywords.DependentRequired(source.Node, "dependencies", names));
        return bySchema with { Check = (instance, run) => bySchema.Check(instance, run) & byName.Check(instance, run) };
    }

    private static List<(EcmaPattern Pattern, SchemaNode Schema)> Patterns(SchemaSource source, JsonElement value)
    {
        var patterns = new List<(EcmaPattern, SchemaNode)>();
        foreach (var (text, schema) in source.Named("patternProperties", value))
        {
            if (EcmaPattern.TryCompile(text, out var wrong) is { } pattern)
            {
                patterns.Add((pattern, schema));
            }
            else
            {
                source.Refuse("patternProperties", $"the pattern '{text}' cannot be used: {wrong}.");
            }
        }

        return patterns;
    }

    private static Keyword OnMembers(string keyword, Func<JsonProperty, Evaluation, bool> check) => new(
        keyword,
        (instance, run) =>
        {
            if (instance.ValueKind != JsonValueKind.Object)
            {
                return true;
            }

            var holds = true;
            foreach (var member in instance.EnumerateObject())
            {
                holds &= check(member, run);
            }

            return holds;
        });

    private static bool Apply(SchemaNode schema, JsonProperty member, Evaluation run)
    {
        run.Seen?.Name(member.Name);
        return run.Member(schema, member.Name, member.Value);
    }
}
