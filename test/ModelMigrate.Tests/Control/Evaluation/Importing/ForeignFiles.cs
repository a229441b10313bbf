using System.Text.Json;
using System.Text.Json.Nodes;

namespace ModelMigrate.Tests.Control.Evaluation.Importing;

/// <summary>Files as other tools write them: theirs, and small ones made by hand.</summary>
internal static class ForeignFiles
{
    public static string Folder => Path.Combine(AppContext.BaseDirectory, "Control", "Evaluation", "Importing");

    public static string Of(string name) => Path.Combine(Folder, "Files", name);

    /// <summary>promptfoo's results: one row a test and score, an error for null.</summary>
    public static string Promptfoo(string provider, IReadOnlyList<double?> scores, string prompt = "p", double cached = 0) => JsonSerializer.Serialize(new
    {
        evalId = "eval-1",
        results = new
        {
            version = 3,
            results = scores.Select((score, i) => Row(provider, i, score, prompt, isCached: i < cached)).ToArray(),
            stats = new { successes = scores.Count(score => score == 1), failures = scores.Count(score => score is { } failed && failed != 1), errors = scores.Count(score => score is null) },
        },
        metadata = new { promptfooVersion = "0.121.0" },
    });

    public static JsonNode Row(string provider, int test, double? score, string prompt = "p", bool isCached = false)
    {
        var row = new JsonObject
        {
            ["provider"] = new JsonObject { ["id"] = $"openai:{provider}", ["label"] = provider },
            ["prompt"] = new JsonObject { ["raw"] = $"{prompt} {test}", ["label"] = prompt },
            ["promptId"] = prompt,
            ["promptIdx"] = 0,
            ["testIdx"] = test,
            ["vars"] = new JsonObject { ["q"] = test },
            ["testCase"] = new JsonObject { ["vars"] = new JsonObject { ["q"] = test }, ["assert"] = new JsonArray(new JsonObject { ["type"] = "equals", ["value"] = "x" }) },
            ["success"] = score == 1,
            ["score"] = score ?? 0,
            ["failureReason"] = score is null ? 2 : score == 1 ? 0 : 1,
            ["namedScores"] = new JsonObject(),
            ["latencyMs"] = 10 + test,
            ["cost"] = 0.5,
            ["tokenUsage"] = new JsonObject { ["prompt"] = 3, ["completion"] = 2 },
        };
        if (score is { } known)
        {
            row["namedScores"] = new JsonObject { ["quality"] = known };
            row["response"] = new JsonObject { ["output"] = $"{provider} says {known}", ["cached"] = isCached };
        }

        return row;
    }

    /// <summary>A samples file of lm-eval: one line a document.</summary>
    public static string Samples(IReadOnlyList<string> scores, string metric = "acc", string prompt = "p", string filter = "none") => string.Concat(scores.Select((score, i) =>
        $"{{\"doc_id\": {i}, \"doc\": {{\"q\": {i}}}, \"target\": \"t\", \"arguments\": {{\"gen_args_0\": {{\"arg_0\": \"ask {i}\"}}}}, \"resps\": [[\"a\"]], \"filtered_resps\": [\"a\"], \"filter\": \"{filter}\", \"metrics\": [\"{metric}\"], \"doc_hash\": \"d{i}\", \"prompt_hash\": \"{prompt}{i}\", \"target_hash\": \"t{i}\", \"{metric}\": {score}}}\n"));

    /// <summary>The results file of one task.</summary>
    public static string Results(string task, string model, string version = "1.0", int original = 100, int effective = 100, string value = "0.5", string error = "0.05") =>
        $"{{\"results\": {{\"{task}\": {{\"alias\": \"{task}\", \"acc,none\": {value}, \"acc_stderr,none\": {error}}}}}, \"versions\": {{\"{task}\": {version}}}, \"n-shot\": {{\"{task}\": 0}}, \"higher_is_better\": {{\"{task}\": {{\"acc\": true}}}}, \"n-samples\": {{\"{task}\": {{\"original\": {original}, \"effective\": {effective}}}}}, \"config\": {{\"limit\": null}}, \"model_name\": \"{model}\", \"lm_eval_version\": \"0.4.9\"}}";
}
