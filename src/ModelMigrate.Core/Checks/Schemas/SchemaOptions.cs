using System.Text.Json;

namespace ModelMigrate.Core.Checks.Schemas;

/// <summary>What a schema is read with.</summary>
public sealed record SchemaOptions
{
    /// <summary>The draft of a schema that names none in <c>$schema</c>.</summary>
    public SchemaDraft Draft { get; init; } = SchemaDraft.Draft202012;

    /// <summary>Whether <c>format</c> must hold; else it is an annotation, as both drafts have it.</summary>
    public bool AssertFormat { get; init; }

    /// <summary>Other documents that <c>$ref</c> may name, by their absolute URI. Nothing is ever fetched.</summary>
    public IReadOnlyDictionary<string, JsonElement> Documents { get; init; } = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
}
