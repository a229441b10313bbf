using System.Reflection;
using System.Text.Json;
using ModelMigrate.Core.Checks.Schemas.Values;

namespace ModelMigrate.Core.Checks.Schemas.Reading;

/// <summary>The documents that a schema may refer to: itself, those that it is given, and the metaschemas. Finds what is where in them. Fetches nothing.</summary>
internal sealed class SchemaLibrary(SchemaOptions options, List<SchemaProblem> problems)
{
    private const string Draft7 = "http://json-schema.org/draft-07/schema";
    private const string Draft202012 = "https://json-schema.org/draft/2020-12/schema";
    private const string Vocabulary = "https://json-schema.org/draft/2020-12/vocab/";

    private static readonly Dictionary<string, JsonElement> s_meta = ReadMeta();

    private readonly Dictionary<string, SchemaResource> _resources = new(StringComparer.Ordinal);
    private readonly Dictionary<(SchemaDocument, string), SchemaResource> _places = [];

    /// <summary>All that is known so far.</summary>
    public IReadOnlyCollection<SchemaResource> Resources => _resources.Values;

    /// <summary>Documents that came from <see cref="SchemaOptions.Documents"/>, as far as they were asked for.</summary>
    public List<SchemaDocument> Given { get; } = [];

    /// <summary>Takes a document in; answers the resource at its root.</summary>
    public SchemaResource Add(string uri, JsonElement root)
    {
        var document = new SchemaDocument(uri, root);
        var resource = new SchemaResource(document, "", uri, new Dialect(options.Draft, AssertsFormat: options.AssertFormat));
        Walk(resource, root, "", isRoot: true);
        resource = _places[(document, "")];
        _resources.TryAdd(uri, resource);
        return resource;
    }

    /// <summary>The resource of a URI, or null.</summary>
    public SchemaResource? Find(string uri)
    {
        if (_resources.TryGetValue(uri, out var known))
        {
            return known;
        }

        if (options.Documents.TryGetValue(uri, out var given))
        {
            var resource = Add(uri, given);
            Given.Add(resource.Document);
            return resource;
        }

        return s_meta.TryGetValue(uri, out var meta) ? Add(uri, meta) : null;
    }

    /// <summary>The resource that a place in a document belongs to.</summary>
    public SchemaResource At(SchemaDocument document, string pointer)
    {
        while (true)
        {
            if (_places.TryGetValue((document, pointer), out var resource))
            {
                return resource;
            }

            pointer = pointer[..pointer.LastIndexOf('/')];
        }
    }

    /// <summary>Finds the schemas in a document, and those among them that have a name.</summary>
    private void Walk(SchemaResource resource, JsonElement schema, string pointer, bool isRoot = false)
    {
        if (schema.ValueKind == JsonValueKind.Object)
        {
            resource = Enter(resource, schema, pointer, isRoot);
        }

        if (!_places.TryAdd((resource.Document, pointer), resource) || schema.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        foreach (var member in schema.EnumerateObject())
        {
            var at = $"{pointer}/{JsonPointer.Escape(member.Name)}";
            if (member.Value.ValueKind == JsonValueKind.Array)
            {
                for (var i = 0; SchemaPlaces.Many.Contains(member.Name) && i < member.Value.GetArrayLength(); i++)
                {
                    Walk(resource, member.Value[i], $"{at}/{i}");
                }
            }
            else if (SchemaPlaces.One.Contains(member.Name))
            {
                Walk(resource, member.Value, at);
            }
            else if (SchemaPlaces.Named.Contains(member.Name) && member.Value.ValueKind == JsonValueKind.Object)
            {
                foreach (var named in member.Value.EnumerateObject().Where(static named => named.Value.ValueKind != JsonValueKind.Array))
                {
                    Walk(resource, named.Value, $"{at}/{JsonPointer.Escape(named.Name)}");
                }
            }
        }
    }

    /// <summary>The resource that a schema is, or that it stays in; and its names.</summary>
    private SchemaResource Enter(SchemaResource outer, JsonElement schema, string pointer, bool isRoot)
    {
        var dialect = TextOf(schema, "$schema") is { } named ? DialectOf(named, pointer) ?? outer.Dialect : outer.Dialect;
        var resource = isRoot ? new SchemaResource(outer.Document, pointer, outer.Uri, dialect) : outer;
        var isOld = dialect.Draft == SchemaDraft.Draft7;

        // In draft 7 a reference hides everything beside it.
        if (TextOf(schema, "$id") is { } id && !(isOld && schema.TryGetProperty("$ref"u8, out _)))
        {
            if (SchemaUri.Resolve(outer.Uri, id) is not { } resolved)
            {
                problems.Add(new SchemaProblem($"{pointer}/$id", "$id", $"'{id}' is no URI reference."));
                return resource;
            }

            if (!isOld || id.Length == 0 || id[0] != '#')
            {
                resource = new SchemaResource(outer.Document, pointer, resolved.Uri, dialect);
                _resources.TryAdd(resolved.Uri, resource);
            }

            if (isOld && resolved.Fragment.Length > 0)
            {
                resource.Anchors.TryAdd(resolved.Fragment, pointer);
            }
        }

        if (!isOld && TextOf(schema, "$anchor") is { } anchor)
        {
            resource.Anchors.TryAdd(anchor, pointer);
        }

        if (!isOld && TextOf(schema, "$dynamicAnchor") is { } dynamic)
        {
            resource.Anchors.TryAdd(dynamic, pointer);
            resource.DynamicAnchors.Add(dynamic);
        }

        return resource;
    }

    private Dialect? DialectOf(string named, string pointer)
    {
        var uri = named.TrimEnd('#');
        if (uri is Draft7 or Draft202012)
        {
            return new Dialect(uri == Draft7 ? SchemaDraft.Draft7 : SchemaDraft.Draft202012, AssertsFormat: options.AssertFormat);
        }

        if (!options.Documents.TryGetValue(uri, out var meta) || meta.ValueKind != JsonValueKind.Object)
        {
            if (!s_meta.ContainsKey(uri))
            {
                problems.Add(new SchemaProblem(
                    $"{pointer}/$schema", "$schema", $"'{named}' is not known. Write \"{Draft202012}\" or \"{Draft7}#\", or give the metaschema along."));
            }

            return null;
        }

        var isOld = TextOf(meta, "$schema")?.TrimEnd('#') == Draft7;
        if (isOld || !meta.TryGetProperty("$vocabulary"u8, out var vocabulary) || vocabulary.ValueKind != JsonValueKind.Object)
        {
            return new Dialect(isOld ? SchemaDraft.Draft7 : SchemaDraft.Draft202012, AssertsFormat: options.AssertFormat);
        }

        foreach (var required in vocabulary.EnumerateObject().Where(static each => each.Value.ValueKind == JsonValueKind.True && !each.Name.StartsWith(Vocabulary, StringComparison.Ordinal)))
        {
            problems.Add(new SchemaProblem($"{pointer}/$schema", "$schema", $"its metaschema requires the vocabulary '{required.Name}', which is not known."));
        }

        return new Dialect(
            SchemaDraft.Draft202012,
            Validates: vocabulary.TryGetProperty(Vocabulary + "validation", out _),
            AssertsFormat: options.AssertFormat || vocabulary.TryGetProperty(Vocabulary + "format-assertion", out _));
    }

    private static string? TextOf(JsonElement schema, string name) =>
        schema.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static Dictionary<string, JsonElement> ReadMeta()
    {
        var meta = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var name in assembly.GetManifestResourceNames().Where(static name => name.StartsWith("schemas/", StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            using var document = JsonDocument.Parse(stream);
            var root = document.RootElement.Clone();
            meta[root.GetProperty("$id"u8).GetString()!.TrimEnd('#')] = root;
        }

        return meta;
    }
}
