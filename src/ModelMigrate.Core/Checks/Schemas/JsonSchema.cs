using System.Text.Json;
using ModelMigrate.Core.Checks.Schemas.Keywords;
using ModelMigrate.Core.Checks.Schemas.Reading;
using ModelMigrate.Core.Checks.Schemas.Values;

namespace ModelMigrate.Core.Checks.Schemas;

/// <summary>
/// A JSON Schema of draft 2020-12 or 7, read once and then asked any number of times, by any number of threads. Every keyword of the draft is
/// implemented; other words are annotations. <c>format</c> holds only when asked. Nothing is fetched: see <see cref="SchemaOptions.Documents"/>.
/// </summary>
public sealed class JsonSchema
{
    private static readonly Lazy<JsonSchema> s_draft7 = new(static () => Meta("http://json-schema.org/draft-07/schema"));
    private static readonly Lazy<JsonSchema> s_draft202012 = new(static () => Meta("https://json-schema.org/draft/2020-12/schema"));

    private readonly SchemaNode _root;
    private readonly bool _tracks;
    private readonly Lazy<HashSet<string>> _names;

    private JsonSchema(SchemaNode root, bool tracks)
    {
        (_root, _tracks) = (root, tracks);
        _names = new Lazy<HashSet<string>>(() => NamesIn(root.Resource.Document.Root, new HashSet<string>(StringComparer.Ordinal)));
    }

    /// <summary>The schema; or null and everything that is wrong with it.</summary>
    public static JsonSchema? TryRead(JsonElement schema, SchemaOptions options, out IReadOnlyList<SchemaProblem> problems)
    {
        var found = new List<SchemaProblem>();
        problems = found;
        var root = schema.Clone();
        var library = new SchemaLibrary(options, found);
        var resource = library.Add(SchemaUri.Nameless, root);
        if (found.Count > 0 || !IsWellFormed(resource.Document, resource.Dialect, found))
        {
            return null;
        }

        var compiler = new SchemaCompiler(library, found);
        SchemaNode node;
        try
        {
            node = compiler.CompileAll(resource.Document);
        }
        catch (InvalidOperationException) when (!library.Given.TrueForAll(given => IsWellFormed(given, library.At(given, "").Dialect, found)))
        {
            return null;
        }

        foreach (var given in library.Given)
        {
            IsWellFormed(given, library.At(given, "").Dialect, found);
        }

        foreach (var endless in SchemaCircles.Find(compiler.Nodes))
        {
            found.Add(new SchemaProblem(endless, Keyword: null, "applies itself to the same place again, without end."));
        }

        return found.Count == 0 ? new JsonSchema(node, compiler.Tracks) : null;
    }

    /// <summary>What is wrong with a document, at most <see cref="Keywords.Evaluation.MostErrors"/> places; empty when nothing is.</summary>
    public IReadOnlyList<SchemaError> Validate(JsonElement document)
    {
        var run = new Keywords.Evaluation(_tracks);
        try
        {
            run.InPlace(_root, document);
        }
        catch (InvalidOperationException)
        {
            return [new SchemaError("", _root.Location, "holds half of a surrogate pair, which is no text")];
        }

        return run.Errors;
    }

    /// <summary>The place of an error and the keyword that it breaks, in words of the schema alone: <c>#/items/3/age type</c>.</summary>
    internal string PlaceOf(SchemaError error)
    {
        var steps = error.InstancePath.Split('/').Skip(1).Select(step => IsIndex(step) || _names.Value.Contains(step) ? step : "*");
        var keyword = error.SchemaPath[(error.SchemaPath.IndexOf('#', StringComparison.Ordinal) + 1)..].Split('/').LastOrDefault(static step => step.Length > 0 && !IsIndex(step));
        return $"#{string.Concat(steps.Select(static step => "/" + step))} {keyword ?? "false"}";
    }

    /// <summary>Longer runs of digits may be somebody's number.</summary>
    private static bool IsIndex(string step) => step.Length is > 0 and < 8 && step.All(char.IsAsciiDigit);

    /// <summary>Every member's name in a document, as pointers write it.</summary>
    private static HashSet<string> NamesIn(JsonElement within, HashSet<string> names)
    {
        foreach (var member in within.ValueKind == JsonValueKind.Object ? within.EnumerateObject() : default)
        {
            names.Add(JsonPointer.Escape(member.Name));
            NamesIn(member.Value, names);
        }

        foreach (var item in within.ValueKind == JsonValueKind.Array ? within.EnumerateArray() : default)
        {
            NamesIn(item, names);
        }

        return names;
    }

    private static bool IsWellFormed(SchemaDocument document, Dialect dialect, List<SchemaProblem> problems)
    {
        var errors = (dialect.Draft == SchemaDraft.Draft7 ? s_draft7 : s_draft202012).Value.Validate(document.Root);
        foreach (var error in errors)
        {
            var path = document.Uri == SchemaUri.Nameless ? error.InstancePath : $"{document.Uri}#{error.InstancePath}";
            var keyword = error.InstancePath.Split('/').LastOrDefault(static step => step.Length > 0 && !char.IsAsciiDigit(step[0]));
            problems.Add(new SchemaProblem(path, keyword, $"{error.Message}."));
        }

        return errors.Count == 0;
    }

    private static JsonSchema Meta(string uri)
    {
        var problems = new List<SchemaProblem>();
        var library = new SchemaLibrary(new SchemaOptions(), problems);
        var resource = library.Find(uri)!;
        var compiler = new SchemaCompiler(library, problems);
        var node = compiler.CompileAll(resource.Document);
        return problems.Count == 0 ? new JsonSchema(node, compiler.Tracks) : throw new InvalidOperationException(string.Join('\n', problems));
    }
}
