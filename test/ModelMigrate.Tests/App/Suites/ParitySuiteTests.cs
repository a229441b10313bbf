using System.Text.Json.Nodes;
using ModelMigrate.Simulation.Faults;
using ModelMigrate.Tests.App.Commands;
using ModelMigrate.Tests.App.Evaluating;
using ModelMigrate.Tests.Architecture;

namespace ModelMigrate.Tests.App.Suites;

/// <summary>The parity suite over HTTP, between simulated models of known quality and pace.</summary>
public sealed class ParitySuiteTests : ComparisonTests
{
    private static readonly FaultSchedule s_paced = FaultSchedule.Default with { LatencyMedian = TimeSpan.FromMilliseconds(20) };

    [Fact]
    public async Task Sample_EqualModels_PassesWithItsNumbers()
    {
        var (old, target) = (await Rig.StartAsync(1, seed: 1), await Rig.StartAsync(1, seed: 2));
        (old.Faults, target.Faults) = (s_paced, s_paced);
        // A busy machine's own pauses are not what is tested here.
        var sample = (await File.ReadAllTextAsync(Path.Combine(Source.Root, "samples/suites/parity.yaml"))).Replace("latency: 1.2", "latency: 4", StringComparison.Ordinal).Replace("../qa/questions.jsonl", ComparisonRig.Questions, StringComparison.Ordinal);
        var run = await CliRun.OfAsync($"run-suite --config {await Rig.WriteAsync("suites.yaml", sample)} --source {ComparisonRig.Arm(old)} --model {ComparisonRig.Arm(target)} --json");

        Assert.True(run.Code == 0, run.Out + run.Error);
        var each = JsonNode.Parse(run.Out)!["cases"]![0]!;
        var figures = each["tries"]![0]!["figures"]!;
        Assert.Equal((100, 1, 0, 0, 1, 1), (Figure("pairs"), Figure("similarity"), Figure("errors_source"), Figure("errors_target"), Figure("exact_source"), Figure("exact_target")));
        Assert.InRange(Figure("latency_p50_source_ms"), 10, 1000);
        Assert.StartsWith("Similarity by f1_squad: 1 [1, 1], at least 0.8. errors: 0 -> 0, within the margin 0.05. latency_p50: ", each["reason"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal((100, 100), (old.Stats.Answered, target.Stats.Answered));

        double Figure(string name) => figures[name]!.GetValue<double>();
    }

    [Theory]
    [InlineData("answers", 1, "fail", "Similarity by rougeL: ", ", below 0.8.")]
    [InlineData("latency", 1, "fail", "latency_p50: ", ", beyond x 1.2: ")]
    [InlineData("errors", 1, "fail", "have no answer of both models (source 0, target ", "so nothing else is judged.")]
    [InlineData("both down", 3, "error", "100 of 100 prompts have no answer of both models (source 100, target 100), so nothing else is judged.")]
    [InlineData("few", 4, "inconclusive", "not decided against the margin")]
    public async Task Parity_ModelsThatDiffer_SaysInWhat(string what, int code, string outcome, params string[] said)
    {
        var (old, target) = (await Rig.StartAsync(1, seed: 1), await Rig.StartAsync(what == "answers" ? 0.2 : 1, seed: 2));
        (old.Faults, target.Faults) = what switch
        {
            "latency" => (s_paced with { LatencyMedian = TimeSpan.FromMilliseconds(5) }, s_paced with { LatencyMedian = TimeSpan.FromMilliseconds(150) }),
            "errors" => (old.Faults, target.Faults with { ErrorRate = 0.4 }),
            "both down" => (old.Faults with { Down = true }, target.Faults with { Down = true }),
            _ => (s_paced, s_paced),
        };
        var rows = await Rig.WriteAsync("rows.jsonl", string.Join('\n', (await File.ReadAllLinesAsync(ComparisonRig.Questions)).Take(what == "few" ? 20 : 120)));
        var file = await Rig.WriteAsync("suites.yaml", $$"""
            model: {{ComparisonRig.Arm(target)}}
            source: {{ComparisonRig.Arm(old)}}
            suites: { alike: { level: integration, parity: { dataset: {{rows}}, concurrency: 8, latency: {{(what == "latency" ? "1.2" : "10")}} } } }
            """);
        var run = await CliRun.OfAsync($"run-suite --config {file} --json");

        Assert.True(code == run.Code, run.Out + run.Error);
        var each = JsonNode.Parse(run.Out)!["cases"]![0]!;
        Assert.Equal(outcome, each["outcome"]!.GetValue<string>());
        Assert.All(said, sentence => Assert.Contains(sentence, each["reason"]!.GetValue<string>(), StringComparison.Ordinal));
    }

    /// <summary>Data that cannot be judged is told before a model is asked.</summary>
    [Theory]
    [InlineData("dataset: none.jsonl", "none.jsonl")]
    [InlineData("dataset: empty.jsonl", "empty.jsonl has no rows; parity of nothing says nothing.")]
    [InlineData("dataset: rows.jsonl, accuracy: { metric: exact }", "exact compares with a reference, and 2 of 2 rows of rows.jsonl name none.")]
    [InlineData("dataset: rows.jsonl, map: { prompt: frage }", "the row has no column 'frage'")]
    public async Task Data_Wrong_ExitsTwoAndNobodyIsAsked(string parity, string said)
    {
        var model = await Rig.StartAsync(1, seed: 1);
        await Rig.WriteAsync("empty.jsonl", "");
        await Rig.WriteAsync("rows.jsonl", "{\"prompt\":\"a\"}\n{\"prompt\":\"b\"}\n");
        var file = await Rig.WriteAsync("suites.yaml", $"suites: {{ alike: {{ level: integration, parity: {{ {parity} }} }} }}\n");
        var run = await CliRun.OfAsync($"run-suite --config {file} --model {ComparisonRig.Arm(model)} --source {ComparisonRig.Arm(model)}");

        Assert.Equal(2, run.Code);
        Assert.Contains(said, run.Error, StringComparison.Ordinal);
        Assert.Equal(0, model.Stats.Started);
    }

    [Fact]
    public async Task Source_Missing_ExitsTwo()
    {
        var file = await Rig.WriteAsync("suites.yaml", "suites: { alike: { level: integration, parity: { dataset: a.jsonl } } }\n");
        var run = await CliRun.OfAsync($"run-suite --config {file} --model openai:m@http://127.0.0.1:1/v1");

        Assert.Equal(2, run.Code);
        Assert.Contains("No source is named. Write --source, or 'source:' in the file,", run.Error, StringComparison.Ordinal);
    }
}
