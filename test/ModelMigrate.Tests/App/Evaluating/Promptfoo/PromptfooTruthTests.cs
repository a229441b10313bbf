using System.Text.Json.Nodes;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.App.Evaluating.Promptfoo;

/// <summary>promptfoo itself runs the files that our rows are held against: what is expected of us is what it makes of them.</summary>
public sealed class PromptfooTruthTests() : PromptfooHttpTests(PromptfooAsks.AnswerAsync)
{
    private static readonly string[] s_names = ["compat", "markup", "transforms", "tools", "similar", "judged", "grounded", "compared", "outside", "repeats"];

    /// <summary>On a difference, what it makes of a file is what to expect: MODEL_MIGRATE_WRITE_PAGES=1 writes it.</summary>
    [PromptfooFact, Trait("kind", "full")]
    public async Task Run_EveryFileByPromptfooItself_HasTheRowsThatAreExpected()
    {
        Assert.Equal(s_names.Append("templates").Order(StringComparer.Ordinal), Directory.GetFiles(Files, "*.expected.json").Select(static file => Path.GetFileName(file).Split('.')[0]).Order(StringComparer.Ordinal));
        foreach (var name in s_names)
        {
            var rows = (await ResultsAsync(name)).Select(ExpectedRow.Of).ToList();
            var expected = Path.Combine(Files, $"{name}.expected.json");
            if (Environment.GetEnvironmentVariable("MODEL_MIGRATE_WRITE_PAGES") == "1")
            {
                await File.WriteAllTextAsync(expected, $"[\n{string.Join(",\n", rows.Select(static row => $"  {row}"))}\n]\n");
            }

            Assert.Equal(JsonNode.Parse(await File.ReadAllTextAsync(expected))!.AsArray().Select(row => $"{name} {row!.ToJsonString()}"), rows.Select(row => $"{name} {row}"));
        }
    }

    [PromptfooFact, Trait("kind", "full")]
    public async Task Run_EveryTemplateByPromptfooItself_IsTheTextThatIsExpected()
    {
        var expected = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Files, "templates.expected.json")))!.AsArray();
        Assert.Equal(expected.Select(static text => text!.GetValue<string>()), (await ResultsAsync("templates")).Select(static row => row["response"]!["output"]!.GetValue<string>()));
    }

    /// <summary>Rows of promptfoo's results, by test and prompt.</summary>
    private async Task<IEnumerable<JsonNode>> ResultsAsync(string name)
    {
        var state = Path.Combine(Folder.FullName, name);
        var output = Path.Combine(state, "out.json");
        var variables = new Dictionary<string, string>(StringComparer.Ordinal) { ["JUDGE_URL"] = Url, ["HOOK_URL"] = Root, ["OPENAI_API_KEY"] = "none", ["PROMPTFOO_PYTHON"] = "python3" };
        var run = await PromptfooProgram.RunAsync(state, variables, "eval", "-c", Path.Combine(Files, $"{name}.yaml"), "--no-cache", "-o", output, "-j", "1", "--no-table");
        Assert.True(File.Exists(output), $"{name}: {run.Error}{run.Out}");
        return JsonNode.Parse(await File.ReadAllTextAsync(output))!["results"]!["results"]!.AsArray().OrderBy(static row => row!["testIdx"]!.GetValue<int>()).ThenBy(static row => row!["promptIdx"]!.GetValue<int>()).Select(static row => row!);
    }
}
