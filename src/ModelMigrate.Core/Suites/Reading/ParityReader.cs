using ModelMigrate.Core.Configuration.Evaluations;
using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Configuration.Yaml;
using ModelMigrate.Core.Metrics;
using ModelMigrate.Core.Suites.Parity;

namespace ModelMigrate.Core.Suites.Reading;

/// <summary>Reads what parity asks.</summary>
internal static class ParityReader
{
    public const string CaseName = "parity";

    private const string UsualSimilarity = "rougeL";
    private const string UsualAccuracy = "exact";

    /// <summary>With fewer pairs no gate has a verdict.</summary>
    private const int FewestRows = 50;

    public static ParityCase? Read(MapReader suite, CaseTerms terms)
    {
        var reader = suite.Group("parity");
        if (suite.Node("parity") is YamlMapping)
        {
            reader.Missing("dataset", "Write for example 'dataset: prompts.jsonl'.");
        }

        var (similarity, accuracy) = (reader.Group("similarity"), reader.Group("accuracy"));
        var (alike, right) = (Metric(similarity, UsualSimilarity, ofCorpus: true), Metric(accuracy, UsualAccuracy, ofCorpus: false));
        var found = new ParityTerms
        {
            Dataset = reader.Text("dataset") ?? "",
            Map = [.. reader.Entries("map").Select(each => KeyValuePair.Create(each.Entry.Key.Text, reader.TextOf(each.Entry.Value, each.Entry.Key, each.Path) ?? ""))],
            Rows = reader.Count("rows", FewestRows, 10_000) ?? 100,
            Similarity = alike!,
            LeastSimilarity = similarity.Number("least", 0, 1) ?? 0.8,
            Latency = reader.Number("latency", 1, 100) ?? 1.2,
            ErrorMargin = Margin(reader, "errors") ?? 0.05,
            Accuracy = right,
            NeedsReferences = reader.Has("accuracy"),
            AccuracyMargin = Margin(accuracy, "margin") ?? 0.05,
            System = (reader.Node("system") as YamlScalar)?.Text,
            Temperature = reader.Number("temperature", 0, 2),
            MaxTokens = reader.Count("maxTokens", 1, 1_000_000),
            Concurrency = reader.Count("concurrency", 1, 64) ?? 4,
        };
        foreach (var each in new[] { similarity, accuracy, reader })
        {
            each.Finish();
        }

        // A whole comparison is no single answer: it has no time limit but its suite's.
        return alike is null || right is null ? null : new ParityCase
        {
            Name = CaseName, Line = suite.At("parity").Start.Line, Parity = found, Terms = suite.Has("timeout") ? terms : terms with { Timeout = TimeSpan.FromHours(6) },
        };
    }

    private static double? Margin(MapReader reader, string key)
    {
        if (reader.Text(key) is not { } text)
        {
            return null;
        }

        if (MarginText.TryParse(text, out var margin, out var isRelative) && !isRelative && margin <= 1)
        {
            return margin;
        }

        reader.Problems.Error(reader.At(key), reader.PathOf(key), "bad-margin", $"{reader.PathOf(key)}: '{MapReader.Shown(text)}' is no margin of a share.", "Write for example 5pp or 0.05.");
        return null;
    }

    private static AnswerMetric? Metric(MapReader reader, string usual, bool ofCorpus)
    {
        var id = reader.Text("metric") ?? usual;
        var parameters = reader.Entries("params").ToDictionary(static each => each.Entry.Key.Text, static each => each.Entry.Value is YamlScalar scalar ? scalar.Text : YamlJson.Convert(each.Entry.Value).GetRawText(), StringComparer.Ordinal);
        var path = reader.PathOf("metric");
        if (MetricTable.Find(id) is not { } definition)
        {
            var near = NearestName.Of(id, MetricTable.Of(MetricProfile.Standard).Select(static known => known.Id));
            reader.Problems.Error(reader.At("metric"), path, "bad-choice", $"There is no metric {MapReader.Shown(id)}.", near is null ? "score --list names them all." : $"Write {near}.");
            return null;
        }

        if (definition is not { Need: MetricNeed.PredictionAndReference, Direction: MetricDirection.HigherIsBetter, Low: 0, High: 1 })
        {
            reader.Problems.Error(reader.At("metric"), path, "bad-choice", $"{id} does not compare two texts on a scale from 0 to 1 on which more is better.", "Write for example rougeL, f1_squad, chrf or exact.");
            return null;
        }

        var metric = MetricTable.TryCreate(definition, parameters, out var wrong);
        foreach (var problem in wrong)
        {
            reader.Problems.Error(reader.At("params"), reader.PathOf("params"), "bad-parameter", problem, "Correct it; score --list names the parameters.");
        }

        if (metric?.Corpus is not null && !ofCorpus)
        {
            reader.Problems.Error(reader.At("metric"), path, "bad-choice", $"{id} is a value of a whole corpus.", "Write for example exact or f1_squad; 'model-migrate compare' gates corpus metrics.");
        }

        return metric;
    }
}
