using System.Text.Json.Nodes;
using ModelMigrate.Control.Evaluation.Promptfoo;

namespace ModelMigrate.Tests.App.Evaluating.Promptfoo;

/// <summary>What of a row is compared between promptfoo and us, as the files of expected rows have it: one line of JSON, scores to six digits.</summary>
internal static class ExpectedRow
{
    public static string Of(PromptfooRow row) => row.Error is not null ? Error(row.TestIndex, row.PromptIndex) : Graded(
        row.TestIndex, row.PromptIndex, row.IsPass, row.Grade!.Score, row.Grade.NamedScores.Select(static pair => (pair.Key, pair.Value)), row.Grade.Components.Select(static each => (each.Pass, each.Score)));

    /// <summary>Of promptfoo's results.</summary>
    public static string Of(JsonNode row)
    {
        var (test, prompt, grade) = (row["testIdx"]!.GetValue<int>(), row["promptIdx"]!.GetValue<int>(), row["gradingResult"]);
        return row["failureReason"]!.GetValue<int>() == 2 ? Error(test, prompt) : Graded(
            test, prompt, row["success"]!.GetValue<bool>(), Number(row["score"]),
            (grade?["namedScores"]?.AsObject() ?? []).OrderBy(static pair => pair.Key, StringComparer.Ordinal).Select(static pair => (pair.Key, Number(pair.Value))),
            (grade?["componentResults"]?.AsArray() ?? []).Select(static each => (each!["pass"]!.GetValue<bool>(), Number(each["score"]))));
    }

    private static string Error(int test, int prompt) => new JsonObject { ["test"] = test, ["prompt"] = prompt, ["error"] = true }.ToJsonString();

    private static string Graded(int test, int prompt, bool pass, double score, IEnumerable<(string Name, double Score)> named, IEnumerable<(bool Pass, double Score)> components) => new JsonObject
    {
        ["test"] = test,
        ["prompt"] = prompt,
        ["pass"] = pass,
        ["score"] = Rounded(score),
        ["named"] = new JsonObject(named.Select(static each => KeyValuePair.Create(each.Name, (JsonNode?)Rounded(each.Score)))),
        ["components"] = new JsonArray([.. components.Select(static each => (JsonNode)new JsonArray(each.Pass, Rounded(each.Score)))]),
    }.ToJsonString();

    private static double Number(JsonNode? score) => score!.GetValue<double>();

    private static double Rounded(double score) => Math.Round(score, 6);
}
