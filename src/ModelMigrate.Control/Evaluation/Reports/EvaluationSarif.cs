using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ModelMigrate.Core.Evaluation.Gating;
using ModelMigrate.Core.Evaluation.Results;

namespace ModelMigrate.Control.Evaluation.Reports;

/// <summary>Writes a result as SARIF 2.1.0: a rule for each gate, a result for each that did not pass, and lost rows of those at their line of the data set.</summary>
public static class EvaluationSarif
{
    private const string Refused = "refused";

    private static readonly JsonWriterOptions s_options = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary><paramref name="datasetPath"/>: of the data set in the repository, with forward slashes.</summary>
    public static string Write(EvaluationResult result, string datasetPath)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, s_options))
        {
            json.WriteStartObject();
            json.WriteString("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
            json.WriteString("version", "2.1.0");
            json.WriteStartArray("runs");
            json.WriteStartObject();
            Tool(json, result);
            json.WriteStartArray("results");
            if (Figures.Trouble(result) is { } trouble)
            {
                Result(json, Refused, "error", trouble, datasetPath, line: 1, print: Refused);
            }

            foreach (var gate in (result.Gate?.Metrics ?? []).Where(static each => each.Verdict != GateVerdict.Pass))
            {
                var level = gate.Verdict == GateVerdict.Inconclusive ? "warning" : "error";
                Result(json, gate.Metric, level, gate.Reason, datasetPath, line: 1, print: gate.Metric);
                foreach (var worst in result.WorstCases.Where(each => each.Metric == gate.Metric && each.Line is not null))
                {
                    Result(json, gate.Metric, "note", string.Join('\n', Figures.Lines(worst)), datasetPath, worst.Line!.Value, $"{gate.Metric}\n{worst.Sample}");
                }
            }

            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return $"{Encoding.UTF8.GetString(stream.ToArray())}\n";
    }

    private static void Tool(Utf8JsonWriter json, EvaluationResult result)
    {
        json.WriteStartObject("tool");
        json.WriteStartObject("driver");
        json.WriteString("name", "ModelMigrate");
        json.WriteString("version", result.ProgramVersion);
        json.WriteStartArray("rules");
        Rule(json, Refused, "The data can be judged: whole, scored alike, and not empty.");
        foreach (var gate in result.Gate?.Metrics ?? [])
        {
            Rule(json, gate.Metric, Figures.Text($"By {gate.Metric} the target is not worse than the source by {gate.Margin:0.####}."));
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Rule(Utf8JsonWriter json, string id, string what)
    {
        json.WriteStartObject();
        json.WriteString("id", id);
        json.WriteStartObject("shortDescription");
        json.WriteString("text", what);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Result(Utf8JsonWriter json, string rule, string level, string message, string path, long line, string print)
    {
        json.WriteStartObject();
        json.WriteString("ruleId", rule);
        json.WriteString("level", level);
        json.WriteStartObject("message");
        json.WriteString("text", message);
        json.WriteEndObject();
        json.WriteStartArray("locations");
        json.WriteStartObject();
        json.WriteStartObject("physicalLocation");
        json.WriteStartObject("artifactLocation");
        json.WriteString("uri", Uri.EscapeDataString(path).Replace("%2F", "/", StringComparison.Ordinal));
        json.WriteEndObject();
        json.WriteStartObject("region");
        json.WriteNumber("startLine", line);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        // The same finding of the next run is known again, though its numbers differ.
        json.WriteStartObject("partialFingerprints");
        json.WriteString("modelMigrate/v1", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(print)))[..32]);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
