using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ModelMigrate.Control.Evaluation.Promptfoo;

/// <summary>The parts of promptfoo's results file that stand in several places.</summary>
internal static class ResultsJson
{
    public static JsonWriterOptions Options { get; } = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Scores(Utf8JsonWriter json, string name, IEnumerable<KeyValuePair<string, double>> scores)
    {
        json.WriteStartObject(name);
        foreach (var (key, score) in scores)
        {
            json.WriteNumber(key, score);
        }

        json.WriteEndObject();
    }

    public static void Tokens(Utf8JsonWriter json, long input, long output, long requests, GradingSum? grading = null)
    {
        json.WriteStartObject("tokenUsage");
        json.WriteNumber("total", input + output);
        json.WriteNumber("prompt", input);
        json.WriteNumber("completion", output);
        json.WriteNumber("cached", 0);
        json.WriteNumber("numRequests", requests);
        if (grading is not null)
        {
            json.WriteStartObject("assertions");
            json.WriteNumber("total", grading.InputTokens + grading.OutputTokens);
            json.WriteNumber("prompt", grading.InputTokens);
            json.WriteNumber("completion", grading.OutputTokens);
            json.WriteNumber("numRequests", grading.Calls);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    /// <summary>promptfoo's id of a prompt: of its label, whoever is asked it.</summary>
    public static string PromptId(string label) => Hash(label);

    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
