using System.Globalization;
using System.Text.Json;
using ModelMigrate.Core.Evaluation.Results;
using ModelMigrate.Core.Metrics;

namespace ModelMigrate.Control.Evaluation.Promptfoo.Exporting;

/// <summary>What promptfoo calls the result of a row: the metrics between 0 and 1 as assertions that hold above 0, their mean as its score.</summary>
/// <param name="Parts">Each such metric with its score.</param>
/// <param name="Named">Every metric's score.</param>
/// <param name="IsError">Whether there was no answer.</param>
internal sealed record ExportedGrade(IReadOnlyList<(MetricFigures Metric, double Score)> Parts, IReadOnlyList<KeyValuePair<string, double>> Named, bool IsError)
{
    public bool Pass => !IsError && Parts.All(static part => part.Score > 0);

    public double Score => IsError ? 0 : Parts.Count == 0 ? 1 : Parts.Average(static part => part.Score);

    public string Reason => Parts.FirstOrDefault(static part => part.Score <= 0) is { Metric: { } metric } ? $"{metric.Metric} is 0" : Parts.Count == 0 ? "No assertions" : "All assertions passed";

    public static ExportedGrade Of(ExportedRow row, IReadOnlyList<MetricFigures> metrics)
    {
        var scored = metrics.Zip(row.Scores).Where(static each => each.Second is { } score && double.IsFinite(score)).Select(static each => (Metric: each.First, Score: each.Second!.Value)).ToList();
        return new ExportedGrade(
            [.. scored.Where(static each => each.Metric is { Range: 1, Direction: MetricDirection.HigherIsBetter })], [.. scored.Select(static each => KeyValuePair.Create(each.Metric.Metric, each.Score))],
            row.Error is not null);
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject("gradingResult");
        json.WriteBoolean("pass", Pass);
        json.WriteNumber("score", Score);
        json.WriteString("reason", Reason);
        ResultsJson.Scores(json, "namedScores", Named);
        json.WriteStartArray("componentResults");
        foreach (var (metric, score) in Parts)
        {
            json.WriteStartObject();
            json.WriteBoolean("pass", score > 0);
            json.WriteNumber("score", score);
            json.WriteString("reason", string.Create(CultureInfo.InvariantCulture, $"{metric.Metric} is {score:0.######}"));
            json.WriteStartObject("assertion");
            json.WriteString("type", $"model-migrate:{metric.Metric}");
            json.WriteString("value", metric.Signature);
            json.WriteString("metric", metric.Metric);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
