using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Configuration.Yaml;

namespace ModelMigrate.Core.Promptfoo.Reading;

/// <summary>Reads a <c>promptfooconfig.yaml</c> with the files that it names. Total: a configuration, or everything that would not be run as written, each with its place.</summary>
public static class PromptfooReader
{
    private const double LongestMs = 86_400_000;

    private static readonly string[] s_known =
    [
        "description", "tags", "prompts", "providers", "targets", "tests", "scenarios", "defaultTest", "evaluateOptions", "env", "metadata", "derivedMetrics",
        // These decide nothing here.
        "outputPath", "sharing", "writeLatestResults", "commandLineOptions", "$schema",
    ];

    private static readonly Dictionary<string, string> s_refused = new(StringComparer.Ordinal)
    {
        ["nunjucksFilters"] = "Those are programs; use the filters that the guide lists.",
        ["extensions"] = "Those are programs; remove them.",
        ["redteam"] = "Remove it.",
        ["tracing"] = "Remove it.",
    };

    /// <param name="name">The file's name.</param>
    /// <param name="open">A file relative to its folder, or null when it cannot be read.</param>
    /// <param name="environment">A variable of the environment, for keys and <c>{{env.NAME}}</c>.</param>
    /// <param name="mode">In strict, what can only fail is refused too.</param>
    /// <param name="filter">Which tests are run; the others are read, too.</param>
    /// <param name="allowsScripts">Whether programs that stand in the configuration or that it names are read, and not refused.</param>
    /// <param name="list">Every file of a folder relative to its own, those of folders below it when so asked; without it no pattern of names matches.</param>
    public static (PromptfooConfig? Config, IReadOnlyList<ConfigProblem> Problems) Read(
        string name, Func<string, Stream?> open, Func<string, string?> environment, PromptfooMode mode, TestFilter? filter = null, bool allowsScripts = false,
        Func<string, bool, IEnumerable<string>>? list = null)
    {
        var files = new SourceFiles(open, list ?? (static (_, _) => []), environment);
        var file = files.Add(name);
        if (files.Open(name, file, new YamlScalar("", IsPlain: true, YamlPlace.Start, YamlPlace.Start)) is not var (_, text) || SourceFiles.Tree(file, text, line: 1) is not { } root
            || file.Keys(root, "The configuration", s_known, s_refused) is not { } map)
        {
            return (null, files.Problems);
        }

        Environment(map, file);
        var options = map.Find("evaluateOptions") is { Value: { IsNull: false } written }
            ? file.Keys(written, "evaluateOptions", ["maxConcurrency", "repeat", "timeoutMs", "cache", "showProgressBar", "delay", "maxEvalTimeMs"]) : null;
        var prompts = new PromptReader(file).Read(Needed(map, file, ["prompts"], "prompts: ['Say {{word}}']"));
        var providers = new ProviderReader(file, ProviderRole.Arm, allowsScripts).Read(Needed(map, file, ["providers", "targets"], "providers: [openai:chat:gpt-4.1]"));
        var repeat = options is null ? 1 : (int)(file.Number(options, "repeat", 1, PromptfooTest.MostRepeats) ?? 1);
        var tests = new TestReader(file, new AssertionReader(mode, allowsScripts, asksJudges: true)).Read(map, repeat);
        var survey = new TestSurvey(files);
        var config = new PromptfooConfig
        {
            Description = file.Text(map, "description"),
            Prompts = prompts,
            Providers = providers,
            DerivedMetrics = DerivedMetricReader.Read(map.Find("derivedMetrics")?.Value, file),
            Tests = survey.Again(tests, filter ?? new TestFilter()),
            MaxConcurrency = options is null ? null : (int?)file.Number(options, "maxConcurrency", 1, 256),
            Timeout = Milliseconds(options, "timeoutMs", file),
            Delay = Milliseconds(options, "delay", file),
            LongestRun = Milliseconds(options, "maxEvalTimeMs", file),
            OutputPath = OutputPath(map, file),
        };
        survey.Read(tests, config, filter ?? new TestFilter(), map, file);
        if (survey.Tests == 0 && !files.HasErrors)
        {
            file.Refuse(map, "no-tests", "The configuration has no tests, so nothing would be checked.", "Write 'tests:' with at least one entry.");
        }

        if (!files.HasErrors && survey.Assertions == 0 && mode == PromptfooMode.Strict)
        {
            file.Refuse(map, "no-assertions", "No test has an assertion, so every answer would pass.", "Write 'assert:' into tests or defaultTest, or run with --mode compat.");
        }

        if (!files.HasErrors)
        {
            survey.Names(prompts, providers, map, file);
        }

        return (files.HasErrors ? null : config with { Rows = survey.Rows, Languages = survey.Languages, Compares = survey.Compares }, files.Problems);
    }

    private static TimeSpan? Milliseconds(YamlMapping? options, string key, SourceFile file) =>
        options is not null && file.Number(options, key, 0, LongestMs) is { } time and > 0 ? TimeSpan.FromMilliseconds(time) : null;

    /// <summary>The first that is JSON; that another one is not written is said.</summary>
    private static string? OutputPath(YamlMapping map, SourceFile file)
    {
        foreach (var item in SourceFile.Items(map.Find("outputPath")?.Value).Where(static item => item is not YamlScalar scalar || Path.GetExtension(scalar.Text) != ".json"))
        {
            file.Warn(item, "not-written", "This output is not written; results are JSON.", "Name a file that ends with .json, and see --junit for CI systems.");
        }

        if (map.Find("commandLineOptions") is { } options)
        {
            file.Warn(options.Key, "not-read", "commandLineOptions are not read.", "Give them to the command: evaluate-promptfoo --help.");
        }

        return SourceFile.Items(map.Find("outputPath")?.Value).OfType<YamlScalar>().Select(static path => path.Text).FirstOrDefault(static path => Path.GetExtension(path) == ".json");
    }

    private static YamlNode? Needed(YamlMapping map, SourceFile file, IReadOnlyList<string> keys, string example)
    {
        var entry = keys.Select(map.Find).FirstOrDefault(static entry => entry is { Value.IsNull: false });
        if (entry is null)
        {
            file.Refuse(map, "missing-key", $"The configuration has no '{keys[0]}'.", $"Write for example '{example}'.");
        }

        return entry?.Value;
    }

    /// <summary>Variables that the file sets go before those of the environment.</summary>
    private static void Environment(YamlMapping map, SourceFile file)
    {
        if (map.Find("env")?.Value is not YamlMapping set)
        {
            return;
        }

        var (own, outer) = (new Dictionary<string, string>(StringComparer.Ordinal), file.Files.Environment);
        foreach (var entry in set.Entries.Where(static entry => entry.Value is YamlScalar { IsNull: false }))
        {
            own[entry.Key.Text] = ((YamlScalar)entry.Value).Text;
        }

        file.Files.Environment = name => own.TryGetValue(name, out var value) ? value : outer(name);
    }
}
