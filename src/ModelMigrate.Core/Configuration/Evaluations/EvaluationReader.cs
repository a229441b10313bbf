using System.Globalization;
using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Configuration.Yaml;

namespace ModelMigrate.Core.Configuration.Evaluations;

/// <summary>Reads a file that describes a comparison. Total: a configuration, or everything that is wrong with its place.</summary>
public static class EvaluationReader
{
    private const int MostMetrics = 50;

    /// <summary>With problems the configuration is what could be read of it, to be looked at and not to be run; null when it is no mapping.</summary>
    public static (EvaluationConfig? Config, IReadOnlyList<ConfigProblem> Problems) Read(ReadOnlySpan<byte> bytes, string fileName, Func<string, string?> environment)
    {
        var problems = new ProblemList(fileName);
        var faults = new List<YamlFault>();
        YamlNode? root = null;
        if (YamlText.Decode(bytes, out var fault) is { } text)
        {
            root = YamlLoader.Load(text, faults);
        }
        else
        {
            faults.Add(fault!);
        }

        if (faults.Count == 0 && root is not YamlMapping)
        {
            faults.Add(new(root?.Start ?? YamlPlace.Start, "file-empty", "The file describes no comparison.", "Begin with source, target, dataset and metrics; 'samples/evaluation' shows them."));
        }

        foreach (var each in faults)
        {
            problems.Add(each);
        }

        if (faults.Count > 0)
        {
            return (null, problems.ToList());
        }

        var file = new MapReader((YamlMapping)root!, root!, "", new ReadContext(problems, environment));
        var config = Read(file, fileName);
        file.Finish();
        return (config, problems.ToList());
    }

    private static EvaluationConfig Read(MapReader file, string fileName)
    {
        var metrics = Metrics(file, fileName);
        foreach (var (key, example) in new[] { ("source", "'source: old', a model of the configuration, or 'source: openai:NAME@URL'"), ("target", "'target: new'"), ("dataset", "'dataset: questions.jsonl'"), ("metrics", "'metrics: [exact]'") })
        {
            if (!file.Has(key))
            {
                file.Problems.Error(file.Place, key, "missing-key", $"The file has no '{key}'.", $"Write {example}.");
            }
        }

        var pairs = file.Entries("map").Select(each => KeyValuePair.Create(each.Entry.Key.Text, file.TextOf(each.Entry.Value, each.Entry.Key, each.Path) ?? "")).ToList();
        return new EvaluationConfig
        {
            Source = file.Text("source") ?? "",
            Target = file.Text("target") ?? "",
            Models = file.Text("models"),
            Dataset = file.Text("dataset") ?? "",
            Map = pairs,
            Filter = [.. (file.Items("filter") ?? []).Select(each => file.TextOf(each.Node, each.Node, each.Path)).OfType<string>()],
            Limit = file.Count("limit", 1, int.MaxValue),
            Metrics = metrics,
            Repeats = file.Count("repeats", 1, 1000) ?? 1,
            System = (file.Node("system") as YamlScalar)?.Text,
            Temperature = file.Number("temperature", 0, 2),
            MaxTokens = file.Count("maxTokens", 1, 1_000_000),
            Seed = file.Count("seed", 0, int.MaxValue),
            Alpha = file.Number("alpha", 0.0001, 0.49) ?? 0.05,
            DrawSeed = (uint)(file.Count("drawSeed", 0, int.MaxValue) ?? 1),
            Concurrency = file.Count("concurrency", 1, 256) ?? 8,
            Retries = file.Count("retries", 0, 20) ?? 3,
            Timeout = file.Duration("timeout", TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1)) ?? TimeSpan.FromMinutes(2),
            Budget = (decimal?)file.Number("budget", 0.000001, 1_000_000),
            Judge = file.Text("judge"),
            AllowsSameFamily = file.Flag("allowSameFamily") ?? false,
            GradingBudget = (decimal?)file.Number("gradingBudget", 0.000001, 1_000_000),
        };
    }

    private static List<EvaluationMetricConfig> Metrics(MapReader file, string fileName)
    {
        var items = file.Items("metrics");
        if (items is { Count: 0 or > MostMetrics })
        {
            file.Problems.Error(file.At("metrics"), "metrics", "bad-list", $"metrics has {items.Count} entries.", $"Write 1 to {MostMetrics}, for example [exact, f1_squad].");
        }

        return [.. (items ?? []).Select(each => Metric(file, each.Node, each.Path, fileName)).OfType<EvaluationMetricConfig>()];
    }

    private static EvaluationMetricConfig? Metric(MapReader file, YamlNode node, string path, string fileName)
    {
        if (node is YamlScalar)
        {
            return file.TextOf(node, node, path) is { } id ? new EvaluationMetricConfig(id, Place(fileName, node)) : null;
        }

        if (node is not YamlMapping || file.Of(node, node, path) is not { } reader)
        {
            file.Problems.Error(node, path, "wrong-type", $"{path} must be a metric's id or a group of keys, not {node.Kind}.", "Write for example {metric: exact, margin: 5pp}.");
            return null;
        }

        reader.Missing("metric", "Write for example {metric: exact, margin: 5pp}.");
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (entry, _) in reader.Entries("params"))
        {
            // As the command line has it: a schema or a list is its JSON.
            parameters[entry.Key.Text] = entry.Value is YamlScalar scalar ? scalar.Text : YamlJson.Convert(entry.Value).GetRawText();
        }

        var (margin, isRelative, shown) = (0.0, false, reader.Flag("shown") ?? false);
        var written = reader.Text("margin");
        if (written is not null && !MarginText.TryParse(written, out margin, out isRelative))
        {
            reader.Problems.Error(reader.At("margin"), $"{path}.margin", "bad-margin", $"{path}.margin: '{MapReader.Shown(written)}' is no margin.", $"Write {MarginText.Examples}.");
        }

        if (shown && written is not null)
        {
            reader.Problems.Error(reader.At("margin"), $"{path}.margin", "bad-margin", $"{path} is only shown, so its margin gates nothing.", "Remove the margin, or 'shown'.");
        }

        var name = reader.Text("metric");
        var own = reader.Text("as");
        var relative = reader.Flag("relative");
        reader.Finish();
        return name is null ? null : new EvaluationMetricConfig(name, Place(fileName, reader.At("metric")))
        {
            Name = own, Parameters = parameters, Margin = written is null ? null : margin, IsRelative = isRelative || relative == true, IsShown = shown,
        };
    }

    private static string Place(string fileName, YamlNode node) => string.Create(CultureInfo.InvariantCulture, $"{fileName}:{node.Start.Line}:{node.Start.Column}");
}
