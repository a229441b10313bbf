using System.Text.Json;
using ModelMigrate.Core.Checks.Schemas.Keywords;
using ModelMigrate.Core.Checks.Schemas.Values;

namespace ModelMigrate.Core.Checks.Schemas.Reading;

/// <summary>Makes nodes of the schemas in a library, each once, also where they refer to each other in circles.</summary>
internal sealed class SchemaCompiler(SchemaLibrary library, List<SchemaProblem> problems)
{
    private readonly Dictionary<(SchemaDocument, string), SchemaNode> _nodes = [];

    /// <summary>Whether some schema asks what others have looked at.</summary>
    public bool Tracks { get; private set; }

    public IReadOnlyCollection<SchemaNode> Nodes => _nodes.Values;

    /// <summary>The schema at a place in a document.</summary>
    public SchemaNode Compile(SchemaDocument document, string pointer, JsonElement schema)
    {
        if (_nodes.TryGetValue((document, pointer), out var known))
        {
            return known;
        }

        var resource = library.At(document, pointer);
        var node = new SchemaNode(resource, pointer) { IsNever = schema.ValueKind == JsonValueKind.False };
        _nodes.Add((document, pointer), node);
        if (schema.ValueKind == JsonValueKind.Object)
        {
            node.Keywords = [.. Keywords(new SchemaSource(node, pointer, schema, this)).OrderBy(static keyword => keyword.Order)];
            Tracks |= node.Keywords.Any(static keyword => keyword.Order > 0);
        }
        else if (schema.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            Refuse(document, pointer, keyword: null, "is no schema; write an object, true or false.");
        }

        return node;
    }

    /// <summary>The schema that a reference leads to; without one, a problem.</summary>
    public SchemaNode? Resolve(SchemaSource from, string keyword, string reference)
    {
        var resource = from.Node.Resource;
        var at = $"{from.Pointer}/{keyword}";
        if (SchemaUri.Resolve(resource.Uri, reference) is not { } target)
        {
            Refuse(resource.Document, at, keyword, $"'{reference}' is no URI reference.");
            return null;
        }

        if (library.Find(target.Uri) is not { } found)
        {
            Refuse(resource.Document, at, keyword, $"'{target.Uri}' is not known, and nothing is fetched. Give the document along, or put it under \"$defs\".");
            return null;
        }

        var pointer = target.Fragment.Length == 0 ? found.Pointer
            : target.Fragment[0] == '/' ? found.Pointer + target.Fragment
            : found.Anchors.GetValueOrDefault(target.Fragment);
        if (pointer is null || !JsonPointer.TryFind(found.Document.Root, pointer, out var schema))
        {
            Refuse(resource.Document, at, keyword, $"'{reference}' leads nowhere: '{target.Uri}' has no '{target.Fragment}'.");
            return null;
        }

        return Compile(found.Document, pointer, schema);
    }

    /// <summary>Compiles a document and every schema that a dynamic reference may take.</summary>
    public SchemaNode CompileAll(SchemaDocument document)
    {
        var root = Compile(document, "", document.Root);
        while (library.Resources.FirstOrDefault(static resource => resource.Dynamic.Count < resource.DynamicAnchors.Count) is { } resource)
        {
            foreach (var name in resource.DynamicAnchors)
            {
                JsonPointer.TryFind(resource.Document.Root, resource.Anchors[name], out var schema);
                resource.Dynamic[name] = Compile(resource.Document, resource.Anchors[name], schema);
            }
        }

        return root;
    }

    public void Refuse(SchemaDocument document, string pointer, string? keyword, string message) =>
        problems.Add(new SchemaProblem(document.Uri == SchemaUri.Nameless ? pointer : $"{document.Uri}#{pointer}", keyword, message));

    private static IEnumerable<Keyword> Keywords(SchemaSource source)
    {
        var isOld = source.Node.Resource.Dialect.Draft == SchemaDraft.Draft7;
        foreach (var member in source.Schema.EnumerateObject())
        {
            // In draft 7 a reference hides everything beside it.
            if (isOld && member.Name != "$ref" && source.Schema.TryGetProperty("$ref"u8, out _))
            {
                continue;
            }

            if ((ReferenceKeywords.Read(source, member) ?? ApplicatorKeywords.Read(source, member) ?? ObjectKeywords.Read(source, member)
                ?? ArrayKeywords.Read(source, member) ?? AssertionKeywords.Read(source, member)) is { } keyword)
            {
                yield return keyword;
            }
        }
    }
}
