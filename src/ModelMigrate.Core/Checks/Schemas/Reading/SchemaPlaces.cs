namespace ModelMigrate.Core.Checks.Schemas.Reading;

/// <summary>Under which keywords other schemas stand.</summary>
internal static class SchemaPlaces
{
    /// <summary>The value is a schema.</summary>
    public static readonly HashSet<string> One = new(StringComparer.Ordinal)
    {
        "not", "if", "then", "else", "items", "contains", "additionalProperties", "propertyNames", "unevaluatedItems", "unevaluatedProperties", "additionalItems", "contentSchema",
    };

    /// <summary>The value is an array of schemas.</summary>
    public static readonly HashSet<string> Many = new(StringComparer.Ordinal) { "allOf", "anyOf", "oneOf", "prefixItems", "items" };

    /// <summary>The value is an object of schemas.</summary>
    public static readonly HashSet<string> Named = new(StringComparer.Ordinal)
    {
        "properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies",
    };
}
