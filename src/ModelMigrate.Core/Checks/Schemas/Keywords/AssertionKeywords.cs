using System.Globalization;
using System.Text.Json;
using ModelMigrate.Core.Checks.Schemas.Reading;
using ModelMigrate.Core.Checks.Schemas.Values;

namespace ModelMigrate.Core.Checks.Schemas.Keywords;

/// <summary>Keywords that look at a value itself. Each passes over values of a kind that it is not about.</summary>
internal static class AssertionKeywords
{
    /// <summary>So many allowed values, of so many characters, are named; they are the schema's, not the document's.</summary>
    private const int ShownValues = 12, ShownCharacters = 200;

    public static Keyword? Read(SchemaSource source, JsonProperty member)
    {
        if (member.Name == "format")
        {
            return Format(source, member.Value);
        }

        return source.Node.Resource.Dialect.Validates ? Validation(source, member.Name, member.Value) : null;
    }

    /// <summary>A count as the schema writes it; 3.0 is 3.</summary>
    public static long Count(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var count) ? (long)Math.Min(count, long.MaxValue) : 0;

    public static string[] Texts(JsonElement value) => [.. value.EnumerateArray().Select(static text => text.GetString()!)];

    /// <summary>Members that must be there when another one is.</summary>
    public static Keyword DependentRequired(SchemaNode node, string keyword, Dictionary<string, string[]> names) => new(
        keyword,
        (instance, run) =>
        {
            var holds = true;
            foreach (var (name, needed) in names)
            {
                if (instance.ValueKind == JsonValueKind.Object && instance.TryGetProperty(name, out _))
                {
                    foreach (var missing in needed.Where(each => !instance.TryGetProperty(each, out _)))
                    {
                        holds = run.Fail(node, keyword, $"has '{name}' and must then have '{missing}'");
                    }
                }
            }

            return holds;
        });

    private static Keyword? Validation(SchemaSource source, string name, JsonElement value)
    {
        var node = source.Node;
        return name switch
        {
            "type" => Type(node, value.ValueKind == JsonValueKind.Array ? Texts(value) : [value.GetString()!]),
            "enum" => Enum(node, [.. value.EnumerateArray()]),
            "const" => Simple(node, name, instance => JsonEquality.Instance.Equals(instance, value), "is not the one value that is allowed"),
            "multipleOf" => Number(node, name, value, static (number, step) => number.IsMultipleOf(step), "must be a multiple of"),
            "maximum" => Number(node, name, value, static (number, bound) => JsonNumber.Compare(number, bound) <= 0, "must be at most"),
            "exclusiveMaximum" => Number(node, name, value, static (number, bound) => JsonNumber.Compare(number, bound) < 0, "must be less than"),
            "minimum" => Number(node, name, value, static (number, bound) => JsonNumber.Compare(number, bound) >= 0, "must be at least"),
            "exclusiveMinimum" => Number(node, name, value, static (number, bound) => JsonNumber.Compare(number, bound) > 0, "must be more than"),
            "maxLength" => Size(node, name, JsonValueKind.String, Count(value), isMost: true, "characters"),
            "minLength" => Size(node, name, JsonValueKind.String, Count(value), isMost: false, "characters"),
            "maxItems" => Size(node, name, JsonValueKind.Array, Count(value), isMost: true, "items"),
            "minItems" => Size(node, name, JsonValueKind.Array, Count(value), isMost: false, "items"),
            "maxProperties" => Size(node, name, JsonValueKind.Object, Count(value), isMost: true, "members"),
            "minProperties" => Size(node, name, JsonValueKind.Object, Count(value), isMost: false, "members"),
            "uniqueItems" when value.ValueKind == JsonValueKind.True => Simple(node, name, static instance => instance.ValueKind != JsonValueKind.Array || AreUnique(instance), "has two equal items"),
            "pattern" => Pattern(source, value.GetString()!),
            "required" => Required(node, Texts(value)),
            "dependentRequired" when !source.IsDraft7 => DependentRequired(
                node, name, value.EnumerateObject().ToDictionary(static each => each.Name, static each => Texts(each.Value), StringComparer.Ordinal)),
            _ => null,
        };
    }

    private static Keyword? Format(SchemaSource source, JsonElement value)
    {
        if (!source.Node.Resource.Dialect.AssertsFormat || value.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        var name = value.GetString()!;
        if (Formats.Find(name) is not { } holds)
        {
            source.Refuse("format", $"the format '{name}' cannot be asserted. Known are {string.Join(", ", Formats.Names.Order(StringComparer.Ordinal))}.");
            return null;
        }

        return Simple(source.Node, "format", instance => instance.ValueKind != JsonValueKind.String || holds(instance.GetString()!), $"is not of the format {name}");
    }

    private static Keyword Type(SchemaNode node, string[] types) => new(
        "type",
        (instance, run) =>
        {
            foreach (var type in types)
            {
                if (Is(instance, type))
                {
                    return true;
                }
            }

            return run.Fail(node, "type", $"is {Kind(instance)}, must be {string.Join(" or ", types)}");
        });

    private static Keyword Enum(SchemaNode node, JsonElement[] values)
    {
        var shown = string.Join(", ", values.Take(ShownValues).Select(static value => value.GetRawText()));
        var message = values.Length <= ShownValues && shown.Length <= ShownCharacters ? $"must be one of {shown}" : $"is none of the {values.Length} values that are allowed";
        return Simple(node, "enum", instance => Array.Exists(values, value => JsonEquality.Instance.Equals(value, instance)), message);
    }

    private static Keyword Number(SchemaNode node, string keyword, JsonElement value, Func<JsonNumber, JsonNumber, bool> holds, string must)
    {
        var (bound, message) = (JsonNumber.Of(value), $"{must} {value.GetRawText()}");
        return Simple(node, keyword, instance => instance.ValueKind != JsonValueKind.Number || holds(JsonNumber.Of(instance), bound), message);
    }

    private static Keyword Size(SchemaNode node, string keyword, JsonValueKind kind, long bound, bool isMost, string what) => new(
        keyword,
        (instance, run) =>
        {
            if (instance.ValueKind != kind)
            {
                return true;
            }

            var size = SizeOf(instance);
            return (isMost ? size <= bound : size >= bound)
                || run.Fail(node, keyword, string.Create(CultureInfo.InvariantCulture, $"has {size} {what}, must have at {(isMost ? "most" : "least")} {bound}"));
        });

    private static Keyword? Pattern(SchemaSource source, string text)
    {
        if (EcmaPattern.TryCompile(text, out var wrong) is not { } pattern)
        {
            source.Refuse("pattern", $"'{text}' cannot be used: {wrong}.");
            return null;
        }

        var node = source.Node;
        return new Keyword(
            "pattern",
            (instance, run) => instance.ValueKind != JsonValueKind.String || pattern.Matches(instance.GetString()!) switch
            {
                true => true,
                false => run.Fail(node, "pattern", $"does not match '{text}'"),
                null => run.Fail(node, "pattern", $"takes longer than {EcmaPattern.Limit.TotalMilliseconds} ms to match '{text}'"),
            });
    }

    private static Keyword Required(SchemaNode node, string[] names) => new(
        "required",
        (instance, run) =>
        {
            var holds = true;
            if (instance.ValueKind == JsonValueKind.Object)
            {
                foreach (var name in names)
                {
                    holds &= instance.TryGetProperty(name, out _) || run.Fail(node, "required", $"must have '{name}'");
                }
            }

            return holds;
        });

    private static Keyword Simple(SchemaNode node, string keyword, Func<JsonElement, bool> holds, string message) =>
        new(keyword, (instance, run) => holds(instance) || run.Fail(node, keyword, message));

    private static long SizeOf(JsonElement instance) => instance.ValueKind switch
    {
        JsonValueKind.Array => instance.GetArrayLength(),
        JsonValueKind.Object => instance.EnumerateObject().Select(static member => member.Name).Distinct(StringComparer.Ordinal).LongCount(),
        // Characters are code points.
        _ => instance.GetString()!.EnumerateRunes().LongCount(),
    };

    private static bool AreUnique(JsonElement items)
    {
        var seen = new HashSet<JsonElement>(JsonEquality.Instance);
        foreach (var item in items.EnumerateArray())
        {
            if (!seen.Add(item))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Is(JsonElement instance, string type) => type switch
    {
        "object" => instance.ValueKind == JsonValueKind.Object,
        "array" => instance.ValueKind == JsonValueKind.Array,
        "string" => instance.ValueKind == JsonValueKind.String,
        "boolean" => instance.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => instance.ValueKind == JsonValueKind.Null,
        "number" => instance.ValueKind == JsonValueKind.Number,
        "integer" => instance.ValueKind == JsonValueKind.Number && JsonNumber.Of(instance).IsInteger,
        _ => false,
    };

    private static string Kind(JsonElement instance) => instance.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => JsonNumber.Of(instance).IsInteger ? "an integer" : "a number",
        JsonValueKind.Null => "null",
        _ => "a boolean",
    };
}
