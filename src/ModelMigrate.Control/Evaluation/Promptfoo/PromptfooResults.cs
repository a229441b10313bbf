using System.Globalization;
using System.Text.Json;
using ModelMigrate.Core.Promptfoo;
using ModelMigrate.Core.Promptfoo.Asserting;
using ModelMigrate.Core.Promptfoo.Deriving;

namespace ModelMigrate.Control.Evaluation.Promptfoo;

/// <summary>Writes rows as promptfoo's results file, version 3: what reads those reads this. Each row goes out when it is added. Owned by one run.</summary>
public sealed class PromptfooResults : IDisposable
{
    private readonly ResultsText _text;
    private readonly Utf8JsonWriter _json;

    /// <param name="to">Where it is written.</param>
    /// <param name="began">When the run began.</param>
    public PromptfooResults(TextWriter to, DateTimeOffset began)
    {
        var time = began.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        _text = new ResultsText(to);
        _json = _text.Json;
        _json.WriteStartObject();
        _json.WriteString("evalId", $"eval-{ResultsJson.Hash(time)[..3]}-{time[..19]}");
        _json.WriteStartObject("results");
        _json.WriteNumber("version", 3);
        _json.WriteString("timestamp", time);
        _json.WriteStartArray("results");
    }

    public void Add(PromptfooRow row)
    {
        Row(_json, row);
        _text.Flush();
    }

    /// <param name="config">What was run.</param>
    /// <param name="totals">Of all rows that were added.</param>
    /// <param name="took">How long it took.</param>
    /// <param name="grading">What judging did cost.</param>
    public void End(PromptfooConfig config, PromptfooTotals totals, TimeSpan took, GradingSum grading)
    {
        _json.WriteEndArray();
        Prompts(_json, totals, config);
        _json.WriteStartObject("stats");
        _json.WriteNumber("successes", totals.Whole.Passed);
        _json.WriteNumber("failures", totals.Whole.Failed);
        _json.WriteNumber("errors", totals.Whole.Errors);
        ResultsJson.Tokens(_json, totals.Whole.InputTokens, totals.Whole.OutputTokens, totals.Whole.Answered, grading);
        _json.WriteNumber("durationMs", (long)took.TotalMilliseconds);
        _json.WriteEndObject();
        _json.WriteEndObject();
        _json.WriteStartObject("config");
        _json.WriteString("description", config.Description ?? "");
        _json.WriteEndObject();
        _json.WriteNull("shareableUrl");
        _json.WriteStartObject("metadata");
        _json.WriteStartObject("modelMigrate");
        _json.WriteNumber("gradingCalls", grading.Calls);
        if (grading.Dollars is { } dollars)
        {
            _json.WriteNumber("gradingCost", dollars);
        }

        _json.WriteEndObject();
        _json.WriteEndObject();
        _json.WriteEndObject();
        _text.Flush();
    }

    public void Dispose() => _text.Dispose();

    private static void Prompts(Utf8JsonWriter json, PromptfooTotals totals, PromptfooConfig config)
    {
        json.WriteStartArray("prompts");
        foreach (var (provider, prompt, sums) in totals.Arms.Values)
        {
            json.WriteStartObject();
            json.WriteString("id", ResultsJson.PromptId(prompt.Label));
            json.WriteString("raw", prompt.Raw);
            json.WriteString("label", prompt.Label);
            json.WriteString("provider", provider.Label);
            json.WriteStartObject("metrics");
            json.WriteNumber("score", sums.Score);
            json.WriteNumber("testPassCount", sums.Passed);
            json.WriteNumber("testFailCount", sums.Failed);
            json.WriteNumber("testErrorCount", sums.Errors);
            json.WriteNumber("assertPassCount", sums.AssertionsPassed);
            json.WriteNumber("assertFailCount", sums.AssertionsFailed);
            json.WriteNumber("totalLatencyMs", Math.Round(sums.Latency));
            ResultsJson.Tokens(json, sums.InputTokens, sums.OutputTokens, sums.Answered);
            var derived = DerivedMetric.Of(config.DerivedMetrics, sums.NamedScores, sums.Rows).Values;
            ResultsJson.Scores(json, "namedScores", derived.Concat(sums.NamedScores).DistinctBy(static each => each.Key, StringComparer.Ordinal).OrderBy(static each => each.Key, StringComparer.Ordinal));
            json.WriteNumber("cost", sums.Cost);
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

        json.WriteString("id", ResultsJson.Hash(string.Create(CultureInfo.InvariantCulture, $"{row.TestIndex}/{row.PromptIndex}"))[..32]);
        json.WriteNumber("latencyMs", Math.Round(row.LatencyMs ?? 0));
        ResultsJson.Scores(json, "namedScores", row.Grade?.NamedScores ?? new Dictionary<string, double>(StringComparer.Ordinal));
        json.WriteStartObject("prompt");
        json.WriteString("raw", row.Rendered ?? row.Prompt.Raw);
        json.WriteString("label", row.Prompt.Label);
        json.WriteEndObject();
        json.WriteString("promptId", ResultsJson.PromptId(row.Prompt.Label));
        json.WriteNumber("promptIdx", row.PromptIndex);
        Provider(json, row.Provider);
        if (row.Output is { } output)
        {
            json.WriteStartObject("response");
            Output(json, output, row.Value);
            json.WriteNumber("cost", row.Cost ?? 0);
            json.WriteBoolean("cached", value: false);
            if (row.Finish is { } finish)
            {
                json.WriteString("finishReason", finish);
            }

            ResultsJson.Tokens(json, row.InputTokens ?? 0, row.OutputTokens ?? 0, requests: 1);
            json.WriteEndObject();
        }

        json.WriteNumber("score", row.Grade?.Score ?? 0);
        json.WriteBoolean("success", row.IsPass);
        Test(json, row.Test);
        json.WriteNumber("testIdx", row.TestIndex);
        ResultsJson.Tokens(json, row.InputTokens ?? 0, row.OutputTokens ?? 0, row.Output is null ? 0 : 1);
        Values(json, "vars", row.Vars);
        Values(json, "metadata", row.Test.Metadata);
        // Promptfoo's: 0 none, 1 an assertion, 2 an error.
        json.WriteNumber("failureReason", row.Error is not null ? 2 : row.IsPass ? 0 : 1);
        json.WriteEndObject();
    }

    /// <summary>What is no text stands there as it is.</summary>
    private static void Output(Utf8JsonWriter json, string text, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Undefined)
        {
            json.WriteString("output", text);
            return;
        }

        json.WritePropertyName("output");
        value.WriteTo(json);
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

        if (test.Provider is { } own)
        {
            Provider(json, own);
        }

        Values(json, "metadata", test.Metadata);
        json.WriteEndObject();
    }

    private static void Provider(Utf8JsonWriter json, PromptfooProvider provider)
    {
        json.WriteStartObject("provider");
        json.WriteString("id", provider.Id);
        json.WriteString("label", provider.Label);
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
            ResultsJson.Scores(json, "namedScores", grade.NamedScores);
            ResultsJson.Scores(json, "namedScoreWeights", grade.NamedWeights);
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
}
