using System.Text.Json;
using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Configuration.Yaml;
using ModelMigrate.Core.Promptfoo.Templates;

namespace ModelMigrate.Core.Promptfoo.Reading;

/// <summary>Reads tests, wherever they stand, and makes one of each combination of values.</summary>
internal sealed class TestReader(SourceFile configuration, AssertionReader assertions)
{
    private static readonly string[] s_keys = ["description", "vars", "assert", "threshold", "metadata", "options", "provider", "providers", "prompts", "assertScoringFunction", "providerOutput"];
    private static readonly string[] s_options = ["prefix", "suffix", "disableVarExpansion", "disableDefaultAsserts", "provider", "rubricPrompt", "repeat", "transform", "postprocess"];

    private static readonly Dictionary<string, string> s_refusedOptions = new(StringComparer.Ordinal)
    {
        ["transformVars"] = "That is a program; write the variables out.",
        ["runSerially"] = "Run with --concurrency 1.",
        ["storeOutputAs"] = "Answers are not carried from test to test; write the conversation out.",
    };

    private static readonly Dictionary<string, string> s_refusedSource = new(StringComparer.Ordinal) { ["config"] = "Nothing is set for files that are read here; remove it." };

    /// <summary>The tests. What stands in tables and lines of JSON is read with each enumeration, and only then said to be wrong.</summary>
    /// <param name="map">The configuration.</param>
    /// <param name="repeat">How often a test is asked that does not say so itself.</param>
    public IEnumerable<PromptfooTest> Read(YamlMapping map, int repeat)
    {
        var defaults = map.Find("defaultTest")?.Value is { IsNull: false } written ? Default(written) : new TestDraft();
        var parts = SourceFile.Items(map.Find("tests")?.Value).Select(item => Drafts(item, configuration)).ToList();
        parts.Add([.. SourceFile.Items(map.Find("scenarios")?.Value).SelectMany(scenario => Scenario(scenario, configuration))]);
        var judges = new JudgeFinder();
        return parts.SelectMany(static drafts => drafts).SelectMany((draft, written) => judges.Of(draft.Over(defaults)).Tests(written, repeat));
    }

    private TestDraft Default(YamlNode node) => node is YamlScalar scalar
        ? configuration.Files.OpenTree(scalar.Text, configuration, scalar) is var (file, root) ? One(root, file) : new TestDraft()
        : One(node, configuration);

    private IEnumerable<TestDraft> Scenario(YamlNode node, SourceFile file)
    {
        if (node is YamlScalar scalar)
        {
            return (file.Files.Names(scalar.Text, file, scalar) ?? []).SelectMany(name => file.Files.OpenTree(name, file, scalar) is var (other, root) ? SourceFile.Items(root).SelectMany(item => Scenario(item, other)) : []).ToList();
        }

        if (file.Keys(node, "A scenario", ["description", "config", "tests"]) is not { } map)
        {
            return [];
        }

        var (configs, tests) = (SourceFile.Items(map.Find("config")?.Value).SelectMany(item => Drafts(item, file)).ToList(), SourceFile.Items(map.Find("tests")?.Value).SelectMany(item => Drafts(item, file)).ToList());
        if (configs.Count == 0 || tests.Count == 0)
        {
            file.Refuse(node, "scenario-empty", "The scenario has no config or no tests, so it makes no test.", "Write both.");
        }

        return configs.SelectMany(_ => tests, static (config, test) => test.Over(config));
    }

    private IEnumerable<TestDraft> Drafts(YamlNode item, SourceFile file) => item switch
    {
        YamlScalar scalar => References(scalar, file),
        YamlMapping map when map.Find("path")?.Value is YamlScalar path && file.Keys(map, "A source of tests", ["path"], s_refusedSource) is not null => References(path, file),
        _ => [One(item, file)],
    };

    private IEnumerable<TestDraft> References(YamlScalar scalar, SourceFile file)
    {
        var parts = (file.Files.Names(scalar.Text, file, scalar) ?? []).Select(name => Reference(scalar with { Text = name }, file)).ToList();
        return parts.SelectMany(static part => part);
    }

    private IEnumerable<TestDraft> Reference(YamlScalar scalar, SourceFile file)
    {
        switch (Ending(scalar.Text))
        {
            case ".yaml" or ".yml" or ".json":
                return file.Files.OpenTree(scalar.Text, file, scalar) is var (tree, root) ? [.. SourceFile.Items(root).Select(each => One(each, tree))] : [];
            case ".jsonl":
                return Lines(scalar, file);
            case ".csv":
                return Table(scalar, file);
            case DatasetPages.Scheme:
                return DatasetPages.Read(scalar, file);
            case ".xlsx":
                return Sheet(scalar, file);
            case var ending:
                file.Refuse(scalar, "not-run", $"Tests are not read from '{MapReader.Shown(scalar.Text.Split('?')[0])}'.", ending switch
                {
                    ".xls" => "Save the sheet as .xlsx or .csv, and name that.",
                    ".js" or ".cjs" or ".mjs" or ".ts" or ".py" => "That is a program: let it write its tests into a .jsonl file, and name that.",
                    "huggingface" => $"Write for example {DatasetPages.Scheme}OWNER/NAME?split=test&limit=100.",
                    "sheet" => "Write the address of its CSV: https://docs.google.com/spreadsheets/d/ID/export?format=csv, or a file.",
                    _ => "Write a file that ends with .yaml, .json, .jsonl, .csv or .xlsx, after file://, or the address of a .csv.",
                });
                return [];
        }
    }

    /// <summary>What tells how a source of tests is read.</summary>
    private static string Ending(string reference)
    {
        if (!SourceFiles.IsRemote(reference))
        {
            return reference.StartsWith(DatasetPages.Scheme, StringComparison.Ordinal) ? DatasetPages.Scheme : reference.StartsWith("huggingface:", StringComparison.Ordinal) ? "huggingface" : Path.GetExtension(reference.Split('#')[0]);
        }

        // Nothing but tables is fetched.
        return !Uri.TryCreate(reference, UriKind.Absolute, out var url) ? "" : url.AbsolutePath.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) || url.Query.Contains("format=csv", StringComparison.Ordinal) ? ".csv"
            : url.Host == "docs.google.com" ? "sheet" : "";
    }

    private IEnumerable<TestDraft> Lines(YamlScalar reference, SourceFile from)
    {
        if (from.Files.OpenLines(reference.Text, from, reference) is not var (file, lines))
        {
            yield break;
        }

        using (lines)
        {
            for (var number = 1; SourceFiles.Text(file, lines.ReadLine, from, reference) is { } line; number++)
            {
                if (line.AsSpan().Trim().Length > 0 && SourceFiles.Tree(file, line, number) is { } test)
                {
                    yield return One(test, file);
                }
            }
        }
    }

    private IEnumerable<TestDraft> Table(YamlScalar reference, SourceFile from)
    {
        if (from.Files.OpenLines(reference.Text, from, reference) is not var (file, cells))
        {
            yield break;
        }

        using (cells)
        {
            foreach (var row in CsvTests.Read(() => SourceFiles.Character(file, cells, from, reference), file))
            {
                yield return One(row, file);
            }
        }
    }

    private IEnumerable<TestDraft> Sheet(YamlScalar reference, SourceFile from)
    {
        var (path, sheet) = reference.Text.Split('#', 2) is [var before, var after] ? (before, after) : (reference.Text, "");
        if (from.Files.OpenLines(path, from, reference) is not var (file, book))
        {
            yield break;
        }

        using (book)
        {
            foreach (var row in CsvTests.Read(SheetRows.Read(book.BaseStream, sheet, from, reference), file))
            {
                yield return One(row, file);
            }
        }
    }

    private TestDraft One(YamlNode node, SourceFile file)
    {
        if (file.Keys(node, "A test", s_keys) is not { } map)
        {
            return new TestDraft();
        }

        var options = map.Find("options")?.Value is { IsNull: false } written
            ? file.Keys(written, "A test's options", s_options, s_refusedOptions) : null;
        return new TestDraft
        {
            Description = file.Text(map, "description"),
            Vars = Group(map, "vars", file, opensFiles: true),
            Asserts = assertions.Read(map.Find("assert")?.Value, file),
            Threshold = file.Number(map, "threshold", -1_000_000, 1_000_000),
            Metadata = Group(map, "metadata", file, opensFiles: false),
            Prefix = options is null ? null : file.Text(options, "prefix"),
            Suffix = options is null ? null : file.Text(options, "suffix"),
            KeepsLists = options is null ? null : file.Text(options, "disableVarExpansion") is { } keeps ? keeps == "true" : null,
            DropsDefaultAsserts = options is not null && file.Text(options, "disableDefaultAsserts") == "true",
            Graders = options is null ? Graders.None : GraderReader.Read(options.Find("provider")?.Value, file),
            RubricPrompt = options is null ? null : assertions.RubricPrompts.Read(options.Find("rubricPrompt")?.Value, file),
            Transform = TransformReader.Read(options?.Find("transform")?.Value, file, assertions.AllowsScripts),
            Postprocess = TransformReader.Read(options?.Find("postprocess")?.Value, file, assertions.AllowsScripts),
            Scoring = TransformReader.Scoring(map.Find("assertScoringFunction")?.Value, file, assertions.AllowsScripts),
            ProviderOutput = Given(map, file),
            Repeat = options is null ? null : (int?)file.Number(options, "repeat", 1, PromptfooTest.MostRepeats),
            Provider = map.Find("provider")?.Value is { IsNull: false } provider ? new ProviderReader(file, ProviderRole.Test).Shared(provider) : null,
            Providers = file.Texts(map, "providers"),
            Prompts = file.Texts(map, "prompts"),
        };
    }

    /// <summary>An answer that is given. promptfoo takes an empty one for none, and asks the model.</summary>
    private static JsonElement Given(YamlMapping map, SourceFile file)
    {
        var value = map.Find("providerOutput")?.Value is { IsNull: false } written ? YamlJson.Convert(written) : default;
        if (value.ValueKind == JsonValueKind.False || (value.ValueKind, TemplateText.Of(value)) is (JsonValueKind.String, "") or (JsonValueKind.Number, "0"))
        {
            file.Refuse(map.Find("providerOutput")!.Value, "bad-value", "providerOutput is empty, so that the model would be asked.", "Write the answer, or remove it.");
        }

        return value;
    }

    private static OrderedDictionary<string, JsonElement> Group(YamlMapping map, string key, SourceFile file, bool opensFiles)
    {
        var group = new OrderedDictionary<string, JsonElement>(StringComparer.Ordinal);
        var node = map.Find(key)?.Value;
        if (opensFiles && (node is YamlScalar { IsNull: false } || node is YamlSequence { Items.Count: > 0 } files && files.Items.All(static item => item is YamlScalar)))
        {
            foreach (var reference in SourceFile.Items(node).Cast<YamlScalar>())
            {
                foreach (var name in file.Files.Names(reference.Text, file, reference) ?? [])
                {
                    // A later file's values go before an earlier one's.
                    foreach (var (variable, value) in file.Files.OpenTree(name, file, reference) is var (other, root) ? Members(root, key, other, opensFiles) : [])
                    {
                        group[variable] = value;
                    }
                }
            }

            return group;
        }

        return Members(node, key, file, opensFiles);
    }

    private static OrderedDictionary<string, JsonElement> Members(YamlNode? node, string key, SourceFile file, bool opensFiles)
    {
        var group = new OrderedDictionary<string, JsonElement>(StringComparer.Ordinal);
        if (node is not null and not YamlMapping and not { IsNull: true })
        {
            file.Refuse(node, "wrong-type", $"{key} must be a group of names with values, not {node.Kind}.", $"Write '{key}: {{name: value}}'.");
        }

        foreach (var entry in (node as YamlMapping)?.Entries ?? [])
        {
            if (opensFiles && entry.Value is YamlScalar { Text: var text } && text.StartsWith(SourceFiles.Scheme, StringComparison.Ordinal))
            {
                var values = (file.Files.Names(text, file, entry.Value) ?? []).Select(name => Opened(name, entry.Value, file)).OfType<JsonElement>().ToList();
                if (values.Count > 0)
                {
                    // Several files are several values.
                    group[entry.Key.Text] = FilePattern.IsPattern(text) ? JsonSerializer.SerializeToElement(values) : values[0];
                }
            }
            else
            {
                group[entry.Key.Text] = YamlJson.Convert(entry.Value);
            }
        }

        return group;
    }

    /// <summary>What a file holds is text; of YAML its JSON.</summary>
    private static JsonElement? Opened(string reference, YamlNode at, SourceFile file)
    {
        switch (Path.GetExtension(reference))
        {
            case ".yaml" or ".yml":
                return file.Files.OpenTree(reference, file, at) is var (_, root) ? TemplateText.From(TemplateText.Json(YamlJson.Convert(root))) : null;
            case ".txt" or ".md" or ".json" or ".csv" or ".html" or ".xml" or "":
                return file.Files.Open(reference, file, at) is var (_, text) ? TemplateText.From(text.Trim()) : null;
            default:
                file.Refuse(at, "not-run", $"'{MapReader.Shown(reference)}' is a program, or of a kind that is not read.", "Write the value out, or into a file that ends with .txt, .md, .json or .yaml.");
                return null;
        }
    }
}
