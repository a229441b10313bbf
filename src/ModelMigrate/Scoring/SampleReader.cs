using System.Text;
using System.Text.Json;
using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Metrics;

namespace ModelMigrate.Scoring;

/// <summary>Reads one line as a sample. Collects everything that is wrong with it. Asked by any number of threads.</summary>
internal sealed class SampleReader(MetricDefinition metric)
{
    private static readonly string[] s_names = ["id", "prediction", "reference", "references", "latency_ms", "ttft_ms", "cost", "error"];

    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = 64 };

    /// <summary>The sample, or null and what is wrong with the line.</summary>
    public AnswerSample? TryRead(ReadOnlyMemory<byte> line, out string? id, out string wrong)
    {
        id = null;
        var problems = new List<string>();
        AnswerSample? sample = null;
        try
        {
            using var json = JsonDocument.Parse(line, s_options);
            sample = json.RootElement.ValueKind == JsonValueKind.Object ? Sample(json.RootElement, problems, out id) : null;
            if (sample is null)
            {
                problems.Add("it is not a JSON object; write one object a line, beginning with {\"prediction\":.");
            }
        }
        catch (JsonException broken)
        {
            problems.Add($"it is not JSON from its byte {(broken.BytePositionInLine ?? 0) + 1} on; write one whole JSON object a line.");
        }
        catch (Exception broken) when (broken is InvalidOperationException or DecoderFallbackException)
        {
            problems.Add("a text in it is not Unicode: bytes that are no UTF-8, or half of a surrogate pair; write it whole.");
        }

        wrong = string.Join(' ', problems);
        return problems.Count == 0 ? sample : null;
    }

    private AnswerSample Sample(JsonElement line, List<string> problems, out string? id)
    {
        id = null;
        string? prediction = null, error = null;
        double? latency = null, first = null, cost = null;
        var (references, seen) = (new List<string>(), new List<string>());
        foreach (var field in line.EnumerateObject())
        {
            if (Array.IndexOf(s_names, field.Name) < 0)
            {
                seen.Add(field.Name);
                continue;
            }

            if (seen.Contains(field.Name, StringComparer.Ordinal))
            {
                problems.Add($"{field.Name} stands twice; keep one.");
            }

            seen.Add(field.Name);
            var value = field.Value;
            switch (field.Name)
            {
                case "id" when value.ValueKind is JsonValueKind.String or JsonValueKind.Number:
                    id = value.GetRawText();
                    break;
                case "id" when value.ValueKind != JsonValueKind.Null:
                    problems.Add("id is neither text nor a number; write \"id\":\"q17\", or leave it out.");
                    break;
                case "prediction" when value.ValueKind != JsonValueKind.Null:
                    prediction = Text(value);
                    break;
                case "reference" when value.ValueKind != JsonValueKind.Null:
                    references.Add(Text(value));
                    break;
                case "references" when value.ValueKind == JsonValueKind.Array:
                    references.AddRange(value.EnumerateArray().Select(Text));
                    break;
                case "references":
                    problems.Add("references is no array; write \"references\":[\"one\",\"another\"], or \"reference\":\"one\".");
                    break;
                case "latency_ms":
                    latency = Number(field, "\"latency_ms\":412.5", problems);
                    break;
                case "ttft_ms":
                    first = Number(field, "\"ttft_ms\":180.5", problems);
                    break;
                case "cost":
                    cost = Number(field, "\"cost\":0.0021", problems);
                    break;
                case "error" when value.ValueKind is not (JsonValueKind.Null or JsonValueKind.False):
                    error = Text(value);
                    break;
            }
        }

        if (seen.Contains("reference", StringComparer.Ordinal) && seen.Contains("references", StringComparer.Ordinal))
        {
            problems.Add("reference and references both stand there; keep one.");
        }

        Missing(seen, references.Count, error, problems);
        return new AnswerSample { Prediction = prediction, References = references, LatencyMs = latency, FirstTokenMs = first, Cost = cost, Error = error };
    }

    /// <summary>A field that the metric asks for and the line does not have is a mistake in the file. One that is null is an answer that is missing.</summary>
    private void Missing(List<string> seen, int references, string? error, List<string> problems)
    {
        if (error is not null)
        {
            return;
        }

        switch (metric.Need)
        {
            case MetricNeed.PredictionAndReference:
                Require("prediction", "\"prediction\":\"Paris\"");
                if (references == 0)
                {
                    problems.Add($"reference is missing; write \"reference\":\"Paris\" or \"references\":[\"Paris\",\"Paris, France\"].{Near("reference")}");
                }

                break;
            case MetricNeed.Prediction:
                Require("prediction", "\"prediction\":\"Paris\"");
                break;
            case MetricNeed.Latency:
                Require("latency_ms", "\"latency_ms\":412.5");
                break;
            case MetricNeed.FirstToken:
                Require("ttft_ms", "\"ttft_ms\":180.5");
                break;
            case MetricNeed.Cost:
                Require("cost", "\"cost\":0.0021");
                break;
        }

        void Require(string name, string example)
        {
            if (!seen.Contains(name, StringComparer.Ordinal))
            {
                problems.Add($"{name} is missing; write {example}.{Near(name)}");
            }
        }

        string Near(string name) => seen.FirstOrDefault(other => Array.IndexOf(s_names, other) < 0 && NearestName.Of(other, s_names) == name) is { } near ? $" Is it {near}?" : "";
    }

    /// <summary>Text as it is, anything else as its JSON.</summary>
    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static double? Number(JsonProperty field, string example, List<string> problems)
    {
        if (field.Value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (field.Value.ValueKind == JsonValueKind.Number && field.Value.TryGetDouble(out var number) && double.IsFinite(number) && number >= 0)
        {
            return number;
        }

        problems.Add($"{field.Name} is no number from 0 on; write {example}.");
        return null;
    }
}
