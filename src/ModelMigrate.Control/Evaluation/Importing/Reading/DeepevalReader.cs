using System.Globalization;
using System.Text.Json;
using ModelMigrate.Core.Metrics;

namespace ModelMigrate.Control.Evaluation.Importing.Reading;

/// <summary>A test run of deepeval. Its metrics are judged by models, and a score by another judge is another metric.</summary>
internal static class DeepevalReader
{
    private const string Tool = "deepeval";
    private const string Pass = "pass";

    public static bool Knows(JsonElement root) => root.At("testCases") is { ValueKind: JsonValueKind.Array };

    public static ImportedEvaluation? TryRead(JsonElement root, string path, out string wrong)
    {
        List<JsonElement> tests = [.. root.At("testCases").Items()];
        wrong = tests.Count == 0 ? "It has no test cases. Run it again with some." : "";
        var judged = tests.SelectMany(static test => test.At("metricsData").Items()).Where(static metric => Name(metric) is not null).ToList();
        var talks = root.At("conversationalTestCases").Items().Count();
        var cases = tests.Select(static (test, i) => Case(test, i)).ToList();
        var metrics = new List<ImportedMetric>
        {
            // What passes depends on every metric's threshold.
            Metric(Pass, $"{Tool} {Pass} by {string.Join(", ", judged.Select(static metric => $"{Signature(metric)} threshold {metric.At("threshold").Shown()}").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))}", isLess: false, [0, 1]),
        };
        metrics.AddRange(judged.GroupBy(static metric => Name(metric)!, StringComparer.Ordinal).Select(static of => Metric(
            of.Key, string.Join(", ", of.Select(Signature).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)), of.Any(IsLess), of.Select(static metric => metric.At("score").Score()))));
        var name = root.Text("hyperparameters", "model") ?? Path.GetFileNameWithoutExtension(path);
        return wrong.Length > 0 ? null : new ImportedEvaluation
        {
            Tool = Tool,
            File = Path.GetFileName(path),
            CasesRemedy = "Keep deepeval's test run as JSON with its test cases.",
            Notes = talks == 0 ? [] : [string.Create(CultureInfo.InvariantCulture, $"Its {talks} conversational test cases are not read: their turns hold answers, so nothing says which are the same in two runs.")],
            Runs = [new ImportedRun { Name = name, Model = name, Cases = cases, Metrics = metrics }],
        };
    }

    private static ImportedCase Case(JsonElement test, int number)
    {
        List<JsonElement> metrics = [.. test.At("metricsData").Items()];
        var scores = metrics.Where(static metric => Name(metric) is not null)
            .GroupBy(static metric => Name(metric)!, StringComparer.Ordinal).ToDictionary(static of => of.Key, static of => IsBroken(of.First()) ? null : of.First().At("score").Score(), StringComparer.Ordinal);
        // A test of which a metric could not be judged has neither passed nor failed.
        scores[Pass] = metrics.Exists(IsBroken) || test.At("success") is null ? null : test.At("success").Score();
        return new ImportedCase
        {
            Subject = Print.Of(Print.Canonical(test.At("input")), Print.Canonical(test.At("context")), Print.Canonical(test.At("retrievalContext"))),
            Checks = Print.Of(Print.Canonical(test.At("expectedOutput")), Print.Canonical(test.At("expectedTools"))),
            Prompt = "",
            Name = test.Text("name") is { Length: > 0 } name ? name : string.Create(CultureInfo.InvariantCulture, $"test case {number + 1}"),
            Scores = scores,
            IsError = metrics.Count > 0 && metrics.TrueForAll(IsBroken),
            Asked = test.At("input").Shown(),
            Expected = test.At("expectedOutput").Shown(),
            Answer = test.At("actualOutput").Shown(),
        };
    }

    /// <summary>A metric of somebody's own that is named as ours is told from it.</summary>
    private static string? Name(JsonElement metric) => metric.Text("name") is Pass ? $"named {Pass}" : metric.Text("name");

    private static bool IsBroken(JsonElement metric) => metric.At("error") is { ValueKind: JsonValueKind.String };

    /// <summary>Of some metrics, hallucination among them, less is better, and the file does not say so; what passes below its threshold or fails above it shows it.</summary>
    private static bool IsLess(JsonElement metric) => metric.At("score").Score() is { } score && metric.At("threshold").Score() is { } threshold && metric.At("strictMode") is not { ValueKind: JsonValueKind.True }
        && metric.At("success")?.ValueKind switch
        {
            JsonValueKind.True => score < threshold,
            JsonValueKind.False => score > threshold,
            _ => false,
        };

    private static string Signature(JsonElement metric) => $"{Tool} {metric.Text("name")} by {metric.Text("evaluationModel") ?? "no model"}{(metric.At("strictMode") is { ValueKind: JsonValueKind.True } ? " strict" : "")}";

    private static ImportedMetric Metric(string id, string signature, bool isLess, IEnumerable<double?> scores) => new()
    {
        Id = id,
        Signature = signature,
        Direction = isLess ? MetricDirection.LowerIsBetter : MetricDirection.HigherIsBetter,
        Range = scores.All(static score => score is null or (>= 0 and <= 1)) ? 1 : double.PositiveInfinity,
        HasCases = true,
    };
}
