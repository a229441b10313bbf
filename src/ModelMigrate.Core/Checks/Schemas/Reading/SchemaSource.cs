using System.Text.Json;
using ModelMigrate.Core.Checks.Schemas.Values;
using ModelMigrate.Core.Checks.Schemas.Keywords;

namespace ModelMigrate.Core.Checks.Schemas.Reading;

/// <summary>A schema as it is written, while its keywords are read.</summary>
internal sealed record SchemaSource(SchemaNode Node, string Pointer, JsonElement Schema, SchemaCompiler Compiler)
{
    public bool IsDraft7 => Node.Resource.Dialect.Draft == SchemaDraft.Draft7;

    /// <summary>The schema under a keyword.</summary>
    public SchemaNode Sub(string keyword, JsonElement schema) => Compiler.Compile(Node.Resource.Document, $"{Pointer}/{keyword}", schema);

    /// <summary>Each of the schemas in an array.</summary>
    public List<SchemaNode> Many(string keyword, JsonElement schemas) =>
        schemas.ValueKind == JsonValueKind.Array ? [.. schemas.EnumerateArray().Select((schema, i) => Sub($"{keyword}/{i}", schema))] : [];

    /// <summary>Each of the schemas in an object, by name.</summary>
    public Dictionary<string, SchemaNode> Named(string keyword, JsonElement schemas)
    {
        var named = new Dictionary<string, SchemaNode>(StringComparer.Ordinal);
        foreach (var member in schemas.EnumerateObject())
        {
            named[member.Name] = Sub($"{keyword}/{JsonPointer.Escape(member.Name)}", member.Value);
        }

        return named;
    }

    /// <summary>The schema beside, under another keyword.</summary>
    public SchemaNode? Beside(string keyword) => Schema.TryGetProperty(keyword, out var schema) ? Sub(keyword, schema) : null;

    public void Refuse(string keyword, string message) => Compiler.Refuse(Node.Resource.Document, $"{Pointer}/{keyword}", keyword, message);
}
