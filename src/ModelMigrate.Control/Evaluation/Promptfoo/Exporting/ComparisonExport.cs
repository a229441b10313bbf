using System.Globalization;
using System.Text.Json;
using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Core.Evaluation.Results;

namespace ModelMigrate.Control.Evaluation.Promptfoo.Exporting;

/// <summary>
/// Writes a comparison as promptfoo's results file, version 3. Each model is a provider, each metric a named score. A metric between 0 and 1 of which more is
/// better is also an assertion that holds above 0, as promptfoo reads a number; the gates, which are over all rows, stand under <c>metadata</c>.
/// </summary>
public static class ComparisonExport
{
    private const string Template = "{{prompt}}";

    /// <param name="to">Where it is written.</param>
    /// <param name="result">What was compared.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="now">When it is written; the time of a result that has none.</param>
    /// <param name="cancel">Stops it.</param>
    public static async Task WriteAsync(TextWriter to, EvaluationResult result, ComparisonRows rows, DateTimeOffset now, CancellationToken cancel)
    {
        var time = (result.Timing?.StartedAt ?? now).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        using var text = new ResultsText(to);
        var json = text.Json;
        json.WriteStartObject();
        json.WriteString("evalId", $"eval-{ResultsJson.Hash($"{result.Dataset.Hash} {result.Source?.Model} {result.Target.Model} {time}")[..3]}-{time[..19]}");
        json.WriteStartObject("results");
        json.WriteNumber("version", 3);
        json.WriteString("timestamp", time);
        json.WriteStartArray("results");
        var arms = new List<(string Name, ExportedSums Sums)>();
        foreach (var role in result.Source is null ? [ArmRole.Target] : new[] { ArmRole.Source, ArmRole.Target })
        {
            var (name, sums) = (Name(result, role), new ExportedSums());
            await foreach (var row in rows.ReadAsync(role, cancel))
            {
                var grade = ExportedGrade.Of(row, result.Metrics);
                sums.Add(row, grade);
                Row(json, row, grade, result, name, arms.Count);
                text.Flush();
            }

            arms.Add((name, sums));
        }

        json.WriteEndArray();
        json.WriteStartArray("prompts");
        arms.ForEach(arm => arm.Sums.Write(json, arm.Name, Template));
        json.WriteEndArray();
        json.WriteStartObject("stats");
        json.WriteNumber("successes", arms.Sum(static arm => arm.Sums.Passed));
        json.WriteNumber("failures", arms.Sum(static arm => arm.Sums.Failed));
        json.WriteNumber("errors", arms.Sum(static arm => arm.Sums.Errors));
        ResultsJson.Tokens(json, arms.Sum(static arm => arm.Sums.InputTokens), arms.Sum(static arm => arm.Sums.OutputTokens), arms.Sum(static arm => arm.Sums.Rows));
        json.WriteNumber("durationMs", (long)((result.Timing?.Seconds ?? 0) * 1000));
        json.WriteEndObject();
        json.WriteEndObject();
        Config(json, result, arms.Select(static arm => arm.Name));
        json.WriteNull("shareableUrl");
        json.WriteStartObject("metadata");
        json.WriteStartObject("modelMigrate");
        json.WritePropertyName("result");
        json.WriteRawValue((result with { Samples = null }).ToJson());
        json.WriteStartArray("notThere");
        foreach (var sentence in rows.NotThere)
        {
            json.WriteStringValue(sentence);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        text.Flush();
    }

    /// <summary>A model that is compared with itself is two providers.</summary>
    private static string Name(EvaluationResult result, ArmRole role) =>
        role == ArmRole.Source ? result.Source!.Model : result.Target.Model + (result.Source?.Model == result.Target.Model ? " (target)" : "");

    private static void Config(Utf8JsonWriter json, EvaluationResult result, IEnumerable<string> names)
    {
        json.WriteStartObject("config");
        json.WriteString("description", $"model-migrate: {string.Join(" and ", names)} on {result.Dataset.Name}");
        json.WriteStartArray("prompts");
        json.WriteStringValue(Template);
        json.WriteEndArray();
        json.WriteStartArray("providers");
        foreach (var name in names)
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
        json.WriteStartArray("tests");
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Row(Utf8JsonWriter json, ExportedRow row, ExportedGrade grade, EvaluationResult result, string name, int arm)
    {
        json.WriteStartObject();
        Number(json, "cost", row.Cost);
        if (!grade.Pass)
        {
            json.WriteString("error", row.Error ?? grade.Reason);
        }

        if (row.Error is null)
        {
            grade.Write(json);
        }

        json.WriteString("id", ResultsJson.Hash(string.Create(CultureInfo.InvariantCulture, $"{result.Dataset.Hash} {name} {row.Test}"))[..32]);
        json.WriteNumber("latencyMs", row.LatencyMs ?? 0);
        ResultsJson.Scores(json, "namedScores", grade.Named);
        json.WriteStartObject("prompt");
        json.WriteString("raw", row.Prompt ?? row.Id);
        json.WriteString("label", Template);
        json.WriteEndObject();
        json.WriteString("promptId", ResultsJson.PromptId(Template));
        json.WriteNumber("promptIdx", arm);
        json.WriteStartObject("provider");
        json.WriteString("id", name);
        json.WriteString("label", name);
        json.WriteEndObject();
        if (row.Error is null)
        {
            json.WriteStartObject("response");
            json.WriteString("output", row.Output ?? "");
            Number(json, "cost", row.Cost);
            // A latency that nobody measured is none, as that of a cache is none.
            json.WriteBoolean("cached", row.IsCached || row.LatencyMs is null);
            if (row.Finish is { } finish)
            {
                json.WriteString("finishReason", finish);
            }

            ResultsJson.Tokens(json, row.InputTokens, row.OutputTokens, requests: 1);
            json.WriteEndObject();
        }

        json.WriteNumber("score", grade.Score);
        json.WriteBoolean("success", grade.Pass);
        json.WriteStartObject("testCase");
        json.WriteString("description", row.Id);
        Vars(json, row);
        json.WriteStartArray("assert");
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteNumber("testIdx", row.Test);
        ResultsJson.Tokens(json, row.InputTokens, row.OutputTokens, row.Error is null ? 1 : 0);
        Vars(json, row);
        json.WriteStartObject("metadata");
        json.WriteEndObject();
        // promptfoo's: 0 none, 1 an assertion, 2 an error.
        json.WriteNumber("failureReason", row.Error is not null ? 2 : grade.Pass ? 0 : 1);
        json.WriteEndObject();
    }

    private static void Vars(Utf8JsonWriter json, ExportedRow row)
    {
        json.WriteStartObject("vars");
        json.WriteString("id", row.Id);
        if (row.Prompt is { } prompt)
        {
            json.WriteString("prompt", prompt);
        }

        if (row.Reference is { } reference)
        {
            json.WriteString("reference", reference);
        }

        json.WriteEndObject();
    }

    private static void Number(Utf8JsonWriter json, string name, decimal? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }
}
