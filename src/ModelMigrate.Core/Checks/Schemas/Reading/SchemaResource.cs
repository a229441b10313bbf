using ModelMigrate.Core.Checks.Schemas.Keywords;

namespace ModelMigrate.Core.Checks.Schemas.Reading;

/// <summary>A schema with an identity of its own: a document's root, or a place in it with <c>$id</c>. References in it are relative to its URI.</summary>
internal sealed class SchemaResource(SchemaDocument document, string pointer, string uri, Dialect dialect)
{
    public SchemaDocument Document => document;

    /// <summary>Where it stands in its document.</summary>
    public string Pointer => pointer;

    /// <summary>Absolute, without a fragment.</summary>
    public string Uri => uri;

    public Dialect Dialect => dialect;

    /// <summary>Pointers into the document, by name.</summary>
    public Dictionary<string, string> Anchors { get; } = new(StringComparer.Ordinal);

    /// <summary>Those of them that a dynamic reference may take instead of its own.</summary>
    public HashSet<string> DynamicAnchors { get; } = new(StringComparer.Ordinal);

    /// <summary>The schemas of the dynamic anchors, once they are compiled.</summary>
    public Dictionary<string, SchemaNode> Dynamic { get; } = new(StringComparer.Ordinal);
}
