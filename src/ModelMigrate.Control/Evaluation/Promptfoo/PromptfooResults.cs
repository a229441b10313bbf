using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ModelMigrate.Core.Promptfoo;
using ModelMigrate.Core.Promptfoo.Asserting;

namespace ModelMigrate.Control.Evaluation.Promptfoo;

/// <summary>Writes rows as promptfoo's results file, version 3: what reads those reads this. Row by row, so that a large run needs no second copy.</summary>
public static class PromptfooResults
{
    private static readonly JsonWriterOptions s_options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="to">Where it is written.</param>
    /// <param name="config">What was run.</param>
    /// <param name="rows">Every row.</param>
    /// <param name="began">When the run began.</param>
    /// <param name="took">How long it took.</param>
    public static void Write(Stream to, PromptfooConfig config, IReadOnlyList<PromptfooRow> rows, DateTimeOffset began, TimeSpan took)
    {
        var time = began.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        using var json = new Utf8JsonWriter(to, s_options);
        json.WriteStartObject();
        json.WriteString("evalId", $"eval-{Hash(time)[..3]}-{time[..19]}");
        json.WriteStartObject("results");
        json.WriteNumber("version", 3);
        json.WriteString("timestamp", time);
        Prompts(json, rows);
        json.WriteStartArray("results");
        foreach (var row in rows)
        {
            Row(json, row);
        }

        json.WriteEndArray();
        json.WriteStartObject("stats");
        json.WriteNumber("successes", rows.Count(static row => row.IsPass));
        json.WriteNumber("failures", rows.Count(static row => row is { IsPass: false, Error: null }));
        json.WriteNumber("errors", rows.Count(static row => row.Error is not null));
        Tokens(json, rows);
        json.WriteNumber("durationMs", (long)took.TotalMilliseconds);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartObject("config");
        json.WriteString("description", config.Description ?? "");
        json.WriteEndObject();
        json.WriteNull("shareableUrl");
        json.WriteEndObject();
    }

    private static void Prompts(Utf8JsonWriter json, IReadOnlyList<PromptfooRow> rows)
    {
        json.WriteStartArray("prompts");
        foreach (var group in rows.GroupBy(static row => row.PromptIndex).OrderBy(static group => group.Key))
        {
            var (first, all) = (group.First(), group.ToList());
            json.WriteStartObject();
            json.WriteString("id", Hash($"{first.Provider.Label}:{first.Prompt.Label}"));
            json.WriteString("raw", first.Prompt.Raw);
            json.WriteString("label", first.Prompt.Label);
            json.WriteString("provider", first.Provider.Label);
            json.WriteStartObject("metrics");
            json.WriteNumber("score", all.Sum(static row => row.Grade?.Score ?? 0));
            json.WriteNumber("testPassCount", all.Count(static row => row.IsPass));
            json.WriteNumber("testFailCount", all.Count(static row => row is { IsPass: false, Error: null }));
            json.WriteNumber("testErrorCount", all.Count(static row => row.Error is not null));
            json.WriteNumber("assertPassCount", all.Sum(static row => row.Grade?.Components.Count(static each => each.Pass) ?? 0));
            json.WriteNumber("assertFailCount", all.Sum(static row => row.Grade?.Components.Count(static each => !each.Pass) ?? 0));
            json.WriteNumber("totalLatencyMs", Math.Round(all.Sum(static row => row.LatencyMs ?? 0)));
            Tokens(json, all);
            Scores(json, "namedScores", all.SelectMany(static row => row.Grade?.NamedScores ?? new Dictionary<string, double>(StringComparer.Ordinal)).GroupBy(static pair => pair.Key, StringComparer.Ordinal)
                .Select(static pairs => KeyValuePair.Create(pairs.Key, pairs.Sum(static pair => pair.Value))));
            json.WriteNumber("cost", all.Sum(static row => row.Cost ?? 0));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Row(Utf8JsonWriter json, PromptfooRow row)
    {
        json.WriteStartObject();
        json.WriteNumber("cost", row.Cost ?? 0);
        if (!row.IsPass)
        {
            json.WriteString("error", row.Error ?? row.Grade!.Reason);
        }

        if (row is { Grade: { } grade, Error: null })
        {
            json.WritePropertyName("gradingResult");
            Graded(json, grade, isWhole: true);
        }

        json.WriteString("id", Hash(string.Create(CultureInfo.InvariantCulture, $"{row.TestIndex}/{row.PromptIndex}"))[..32]);
        json.WriteNumber("latencyMs", Math.Round(row.LatencyMs ?? 0));
        Scores(json, "namedScores", row.Grade?.NamedScores ?? new Dictionary<string, double>(StringComparer.Ordinal));
        json.WriteStartObject("prompt");
        json.WriteString("raw", row.Rendered ?? row.Prompt.Raw);
        json.WriteString("label", row.Prompt.Label);
        json.WriteEndObject();
        json.WriteString("promptId", Hash($"{row.Provider.Label}:{row.Prompt.Label}"));
        json.WriteNumber("promptIdx", row.PromptIndex);
        json.WriteStartObject("provider");
        json.WriteString("id", row.Provider.Id);
        json.WriteString("label", row.Provider.Label);
        json.WriteEndObject();
        if (row.Output is { } output)
        {
            json.WriteStartObject("response");
            json.WriteString("output", output);
            json.WriteNumber("cost", row.Cost ?? 0);
            json.WriteBoolean("cached", value: false);
            if (row.Finish is { } finish)
            {
                json.WriteString("finishReason", finish);
            }

            Tokens(json, [row]);
            json.WriteEndObject();
        }

        json.WriteNumber("score", row.Grade?.Score ?? 0);
        json.WriteBoolean("success", row.IsPass);
        Test(json, row.Test);
        json.WriteNumber("testIdx", row.TestIndex);
        Values(json, "vars", row.Vars);
        Values(json, "metadata", row.Test.Metadata);
        // Promptfoo's: 0 none, 1 an assertion, 2 an error.
        json.WriteNumber("failureReason", row.Error is not null ? 2 : row.IsPass ? 0 : 1);
        json.WriteEndObject();
    }

    private static void Test(Utf8JsonWriter json, PromptfooTest test)
    {
        json.WriteStartObject("testCase");
        if (test.Description is { } description)
        {
            json.WriteString("description", description);
        }

        Values(json, "vars", test.Vars);
        json.WriteStartArray("assert");
        foreach (var assertion in test.Asserts)
        {
            Assertion(json, assertion);
        }

        json.WriteEndArray();
        if (test.Threshold is { } threshold)
        {
            json.WriteNumber("threshold", threshold);
        }

        Values(json, "metadata", test.Metadata);
        json.WriteEndObject();
    }

    private static void Graded(Utf8JsonWriter json, Grade grade, bool isWhole)
    {
        json.WriteStartObject();
        json.WriteBoolean("pass", grade.Pass);
        json.WriteNumber("score", grade.Score);
        json.WriteString("reason", grade.Reason);
        if (grade.Assertion is { } assertion)
        {
            json.WritePropertyName("assertion");
            Assertion(json, assertion);
        }

        if (isWhole)
        {
            Scores(json, "namedScores", grade.NamedScores);
            Scores(json, "namedScoreWeights", grade.NamedWeights);
            json.WriteStartArray("componentResults");
            foreach (var component in grade.Components)
            {
                Graded(json, component, isWhole: false);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void Assertion(Utf8JsonWriter json, PromptfooAssertion assertion)
    {
        json.WriteStartObject();
        json.WriteString("type", assertion.Type);
        if (assertion.Value.ValueKind != JsonValueKind.Undefined)
        {
            json.WritePropertyName("value");
            assertion.Value.WriteTo(json);
        }

        if (assertion.Threshold is { } threshold)
        {
            json.WriteNumber("threshold", threshold);
        }

        if (assertion.Weight != 1)
        {
            json.WriteNumber("weight", assertion.Weight);
        }

        if (assertion.Metric is { } metric)
        {
            json.WriteString("metric", metric);
        }

        if (assertion.IsSet)
        {
            json.WriteStartArray("assert");
            foreach (var each in assertion.Set)
            {
                Assertion(json, each);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void Values(Utf8JsonWriter json, string name, IReadOnlyDictionary<string, JsonElement> values)
    {
        json.WriteStartObject(name);
        foreach (var (key, value) in values)
        {
            json.WritePropertyName(key);
            value.WriteTo(json);
        }

        json.WriteEndObject();
    }

    private static void Scores(Utf8JsonWriter json, string name, IEnumerable<KeyValuePair<string, double>> scores)
    {
        json.WriteStartObject(name);
        foreach (var (key, score) in scores)
        {
            json.WriteNumber(key, score);
        }

        json.WriteEndObject();
    }

    private static void Tokens(Utf8JsonWriter json, IReadOnlyList<PromptfooRow> rows)
    {
        var (input, output) = (rows.Sum(static row => row.InputTokens ?? 0), rows.Sum(static row => row.OutputTokens ?? 0));
        json.WriteStartObject("tokenUsage");
        json.WriteNumber("total", input + output);
        json.WriteNumber("prompt", input);
        json.WriteNumber("completion", output);
        json.WriteNumber("cached", 0);
        json.WriteNumber("numRequests", rows.Count(static row => row.Output is not null));
        json.WriteEndObject();
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
