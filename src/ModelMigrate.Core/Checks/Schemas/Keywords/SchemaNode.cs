using ModelMigrate.Core.Checks.Schemas.Reading;

namespace ModelMigrate.Core.Checks.Schemas.Keywords;

/// <summary>One compiled schema: always true, always false, or what its keywords say. Filled once, after which it does not change.</summary>
internal sealed class SchemaNode(SchemaResource resource, string pointer)
{
    public SchemaResource Resource => resource;

    /// <summary>Where it stands, for error messages.</summary>
    public string Location { get; } = $"{resource.Document.Uri}#{pointer}";

    /// <summary>Whether it is the schema <c>false</c>.</summary>
    public bool IsNever { get; set; }

    /// <summary>In the order in which they must be looked at: what asks for what others saw comes last.</summary>
    public IReadOnlyList<Keyword> Keywords { get; set; } = [];
}
