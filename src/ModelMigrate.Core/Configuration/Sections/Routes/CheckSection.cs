using System.Text.Json;
using System.Text.RegularExpressions;
using ModelMigrate.Core.Checks;
using ModelMigrate.Core.Checks.Schemas;
using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Configuration.Yaml;
using ModelMigrate.Core.Observing.Signals;

namespace ModelMigrate.Core.Configuration.Sections.Routes;

/// <summary>Reads a route's <c>checks</c>.</summary>
internal static partial class CheckSection
{
    /// <summary>Checks of one route at most.</summary>
    public const int Most = 16;

    private const int MostCharacters = 10_000_000;

    private enum Kind
    {
        Json,
        JsonSchema,
        Regex,
        Contains,
        Length,
        Refusal,
    }

    public static IReadOnlyList<AnswerCheck> Read(MapReader route)
    {
        var checks = new List<AnswerCheck>();
        foreach (var (node, path) in route.Items("checks") ?? [])
        {
            if (node is not YamlMapping || route.Of(node, node, path) is not { } reader)
            {
                route.Problems.Error(node, path, "wrong-type", $"{path} must be a group of keys, not {node.Kind}.", "Write for example {kind: json}.");
                continue;
            }

            var check = ReadCheck(reader);
            reader.Finish();
            if (check is null)
            {
                continue;
            }

            if (checks.Exists(other => string.Equals(other.Name, check.Name, StringComparison.Ordinal)))
            {
                route.Problems.Error(node, path, "duplicate-check", $"{path} repeats the name '{check.Name}' of an earlier check.", "Give each check a name of its own with 'name:'.");
            }

            checks.Add(check);
        }

        if (checks.Count > Most)
        {
            route.Problems.Error(route.At("checks"), route.PathOf("checks"), "too-many-checks", $"{route.PathOf("checks")} has {checks.Count} checks; a route can have {Most}.", "Remove some.");
        }

        return checks;
    }

    /// <summary>Whether a text can name a check.</summary>
    public static bool IsName(string text) => NamePattern().IsMatch(text);

    private static AnswerCheck? ReadCheck(MapReader check)
    {
        var kind = check.Choice(
            "kind", ("json", Kind.Json), ("jsonSchema", Kind.JsonSchema), ("regex", Kind.Regex), ("contains", Kind.Contains), ("length", Kind.Length), ("refusal", Kind.Refusal));
        check.Missing("kind", "Write 'kind:' and json, jsonSchema, regex, contains, length or refusal.");
        var name = Name(check, kind);
        return kind switch
        {
            Kind.Json => new JsonCheck(name, Schema: null),
            Kind.JsonSchema => Schema(check, name),
            Kind.Regex => Pattern(check, name),
            Kind.Contains => Contains(check, name),
            Kind.Length => Length(check, name),
            Kind.Refusal => new RefusalCheck(name),
            _ => null,
        };
    }

    private static string Name(MapReader check, Kind? kind)
    {
        var name = check.Text("name");
        if (name is not null && !IsName(name))
        {
            check.Problems.Error(
                check.At("name"), check.PathOf("name"), "bad-check", $"{check.PathOf("name")}: '{MapReader.Shown(name)}' is not a check's name.",
                "Write lower-case letters, digits, dashes or underscores, for example order-json.");
        }
        else if (name == Signal.Refusal && kind != Kind.Refusal)
        {
            check.Problems.Error(
                check.At("name"), check.PathOf("name"), "bad-check", $"{check.PathOf("name")}: the name {Signal.Refusal} belongs to the check that the gateway always makes.", "Choose another name.");
        }

        return name ?? kind switch
        {
            Kind.JsonSchema => "json-schema",
            { } known => known.ToString().ToLowerInvariant(),
            null => "",
        };
    }

    private static JsonCheck? Schema(MapReader check, string name)
    {
        check.Missing("schema", "Write the schema under 'schema:', as YAML or as JSON text.");
        var options = new SchemaOptions
        {
            Draft = check.Choice("draft", ("2020-12", SchemaDraft.Draft202012), ("7", SchemaDraft.Draft7)) ?? SchemaDraft.Draft202012,
            AssertFormat = check.Flag("assertFormat") ?? false,
        };
        if (check.Node("schema") is not { IsNull: false } node || Json(check, node) is not { } json)
        {
            return null;
        }

        if (JsonSchema.TryRead(json, options, out var problems) is { } schema)
        {
            return new JsonCheck(name, schema);
        }

        foreach (var problem in problems)
        {
            check.Problems.Error(check.At("schema"), check.PathOf("schema"), "bad-schema", $"{check.PathOf("schema")}, at {problem}", "Correct the schema there.");
        }

        return null;
    }

    private static JsonElement? Json(MapReader check, YamlNode node)
    {
        if (node is not YamlScalar { IsPlain: false } text)
        {
            return YamlJson.Convert(node);
        }

        try
        {
            using var document = JsonDocument.Parse(text.Text);
            return document.RootElement.Clone();
        }
        catch (JsonException wrong)
        {
            check.Problems.Error(
                node, check.PathOf("schema"), "bad-schema", $"{check.PathOf("schema")} is text that is not JSON: line {wrong.LineNumber + 1} of it, byte {wrong.BytePositionInLine + 1}.",
                "Correct it, or write the schema as YAML.");
            return null;
        }
    }

    private static PatternCheck? Pattern(MapReader check, string name)
    {
        check.Missing("pattern", "Write 'pattern:' and a regular expression of JavaScript without its slashes.");
        var forbids = check.Flag("forbid") ?? false;
        if (check.Text("pattern") is not { } pattern)
        {
            return null;
        }

        if (PatternCheck.TryCreate(name, pattern, forbids, out var wrong) is { } compiled)
        {
            return compiled;
        }

        check.Problems.Error(check.At("pattern"), check.PathOf("pattern"), "bad-pattern", $"{check.PathOf("pattern")} cannot be used: {wrong}.", "Write a regular expression of JavaScript.");
        return null;
    }

    private static ContainsCheck? Contains(MapReader check, string name)
    {
        var texts = new List<string>();
        foreach (var (node, path) in check.Items("texts") ?? [])
        {
            if (check.TextOf(node, node, path) is { } text)
            {
                texts.Add(text);
            }
        }

        const string Remedy = "Write 'texts:' and a list of texts, for example [\"Kind regards\"].";
        check.Missing("texts", Remedy);
        if (check.Node("texts") is YamlSequence { Items.Count: 0 } empty)
        {
            check.Problems.Error(empty, check.PathOf("texts"), "no-texts", $"{check.PathOf("texts")} is empty, so that nothing is looked for.", Remedy);
        }

        var (ignores, forbids) = (check.Flag("ignoreCase") ?? false, check.Flag("forbid") ?? false);
        return texts.Count == 0 ? null : new ContainsCheck(name, texts, ignores, forbids);
    }

    private static LengthCheck Length(MapReader check, string name)
    {
        var least = check.Count("least", 0, MostCharacters);
        var most = check.Count("most", 0, MostCharacters);
        if (least is null && most is null)
        {
            check.Problems.Error(check.Place, check.PathOf("most"), "no-bound", $"{check.PathOf("most")} and 'least' are both missing.", "Write at least one of them, in characters.");
        }
        else if (least > most)
        {
            check.Problems.Error(check.At("least"), check.PathOf("least"), "out-of-range", $"{check.PathOf("least")} is above 'most', so that every answer fails.", "Lower it.");
        }

        return new LengthCheck(name, least ?? 0, most ?? MostCharacters);
    }

    [GeneratedRegex(@"^[a-z0-9][a-z0-9_-]{0,63}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex NamePattern();
}
