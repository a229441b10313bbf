using System.Text.Json.Nodes;
using ModelMigrate.Output;
using ModelMigrate.Tests.App.Commands;
using ModelMigrate.Tests.Control.Evaluation.Judging;
using ModelMigrate.Tests.Providers.Evaluators;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.App.Evaluating;

/// <summary>Comparisons with metrics of one's own: a program, an evaluator of .NET, a rubric, pairwise preference.</summary>
public sealed class GradedComparisonTests : ComparisonTests
{
    [Fact]
    public async Task Evaluate_ProgramRubricAndPreference_GateAndCostApart()
    {
        await using var rig = new GradingRig(Rig);
        await rig.StartAsync();
        var file = await rig.FileAsync("evaluation.yaml", "gradingBudget: 5");
        var run = await GradingRig.RunAsync($"evaluate --config {file} --out {Rig.In("own")} --json");
        Assert.True(run.Code == 0, run.Error + run.Out);

        var result = JsonNode.Parse(run.Out)!;
        var (exact, right, preferred, own) = (Metric(result, "exact"), Metric(result, "right"), Metric(result, "preference"), Metric(result, "command"));

        // What the judge says follows from what is exact, and so the figures do.
        Assert.Equal(2 + (3 * Mean(exact, "source")), Mean(right, "source"), 9);
        Assert.Equal(2 + (3 * Mean(exact, "target")), Mean(right, "target"), 9);
        Assert.Equal(0.5 + ((Mean(exact, "target") - Mean(exact, "source")) / 2), Mean(preferred, "target"), 9);
        Assert.Equal(1, Mean(preferred, "source") + Mean(preferred, "target"), 9);
        Assert.Equal(4, result["metrics"]!.AsArray().Count);
        Assert.InRange(Mean(own, "target"), 0.5, 1);
        Assert.Equal(["exact", "right", "preference"], result["gate"]!["metrics"]!.AsArray().Select(each => Text(each!["metric"])));
        Assert.Matches(@"^rubric\|judge:judge\|rubric:sha256-[0-9a-f]{16}\|scale:1-5\|rounds:1\|", Text(right["signature"]));
        Assert.Equal((4, 1), (right["range"]!.GetValue<double>(), right["worst"]!.GetValue<double>()));
        Assert.Matches(@"^pairwise\|judge:judge\|rounds:1\|orders:2\|", Text(preferred["signature"]));
        Assert.Matches(@"^command\|run:sh \./score\.sh\|.*score\.sh:sha256-[0-9a-f]{16}\|version:1$", Text(own["signature"]));

        // Of each answer a grade; of each pair that is not the same text a verdict in both orders. None of it is in the answers' cost.
        var grading = result["grading"]!.AsArray().ToDictionary(each => Text(each!["metric"]), each => each!, StringComparer.Ordinal);
        var pairs = grading["preference"]["calls"]!.GetValue<int>();
        Assert.Equal(2 * GradingRig.Rows, grading["right"]["calls"]!.GetValue<int>());
        Assert.InRange(pairs, 2, 2 * GradingRig.Rows);
        Assert.Equal(rig.Judge.Calls, pairs + (2 * GradingRig.Rows));
        Assert.Equal((0.0002m * 2 * GradingRig.Rows, 0.0002m * pairs), (grading["right"]["cost"]!.GetValue<decimal>(), grading["preference"]["cost"]!.GetValue<decimal>()));
        Assert.Equal((1.0, 0, "judge-2026-11"), (grading["preference"]["consistency"]!.GetValue<double>(), grading["preference"]["missing"]!.GetValue<int>(), Text(grading["right"]["versions"]![0])));
        Assert.Equal(0.0002m * GradingRig.Rows, result["source"]!["grading_cost"]!.GetValue<decimal>());
        Assert.InRange(result["source"]!["cost"]!.GetValue<decimal>(), 0.0001m, 0.008m);

        // Again: nobody is asked anything.
        var again = await GradingRig.RunAsync($"evaluate --config {file} --out {Rig.In("own")}");
        Assert.Equal(rig.Judge.Calls, pairs + (2 * GradingRig.Rows));
        Assert.Equal(ComparisonRig.WithoutTiming(run.Out), ComparisonRig.WithoutTiming(await File.ReadAllTextAsync(Rig.In("own/result.json"))));
        Assert.Contains("Grading right by judge: 120 calls, about $", again.Out, StringComparison.Ordinal);
        Assert.Contains("grading preference by judge:", again.Out, StringComparison.Ordinal);
        var report = await CliRun.OfAsync($"evaluation-report --result {Rig.In("own/result.json")}");
        Assert.Contains("| preference | judge (judge-2026-11) | 60 | 0 |", report.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluate_AnotherTarget_KeepsTheSourcesGradesAndJudgesPairsAnew()
    {
        await using var rig = new GradingRig(Rig);
        await rig.StartAsync();
        var file = await rig.FileAsync("evaluation.yaml");
        Assert.Equal(0, (await GradingRig.RunAsync($"evaluate --config {file} --out {Rig.In("two")}")).Code);
        var before = rig.Judge.Calls;

        // The same models the other way round: of the pairs nothing can be taken over.
        var turned = await Rig.WriteAsync("turned.yaml", (await File.ReadAllTextAsync(file)).Replace("target: new", "target: old", StringComparison.Ordinal));
        var run = await GradingRig.RunAsync($"evaluate --config {turned} --out {Rig.In("two")} --json");
        var result = JsonNode.Parse(run.Out)!;
        Assert.Equal(0.5, Mean(Metric(result, "preference"), "target"));
        // The target's grades are new, the source's are not, and no pair differs.
        Assert.Equal(GradingRig.Rows, rig.Judge.Calls - before);
    }

    [Fact]
    public async Task Evaluate_GradingBudget_StopsIsNotJudgedAndGoesOn()
    {
        await using var rig = new GradingRig(Rig);
        await rig.StartAsync();
        var whole = await GradingRig.RunAsync($"evaluate --config {await rig.FileAsync("whole.yaml")} --out {Rig.In("whole")} --json");
        var little = await GradingRig.RunAsync($"evaluate --config {await rig.FileAsync("little.yaml", "gradingBudget: 0.03")} --out {Rig.In("little")} --json");

        Assert.Equal((int)ExitCode.Usage, little.Code);
        Assert.Contains("The grading budget ended the run at row", little.Error, StringComparison.Ordinal);
        var result = JsonNode.Parse(little.Out)!;
        Assert.Equal(("partial", "refused"), (Text(result["completeness"]), Text(result["gate"]!["verdict"])));
        Assert.True(result["grading"]!.AsArray().Sum(each => each!["cost"]!.GetValue<decimal>()) <= 0.03m);

        // Raised, it ends as one that never stopped, and keeps what the first one paid for.
        var more = await GradingRig.RunAsync($"evaluate --config {await rig.FileAsync("little.yaml", "gradingBudget: 5")} --out {Rig.In("little")} --json");
        Assert.Equal(ComparisonRig.WithoutTiming(whole.Out), ComparisonRig.WithoutTiming(more.Out));
    }

    [Fact]
    public async Task Evaluate_JudgeThatIsNotThere_ExitsThreeAndGoesOnLater()
    {
        await using var rig = new GradingRig(Rig);
        await rig.StartAsync();
        await Rig.WriteAsync("model-migrate.yaml", (await File.ReadAllTextAsync(Rig.In("model-migrate.yaml"))).Replace($"\"{rig.Judge.Url}\"", "\"http://127.0.0.1:1/v1\"", StringComparison.Ordinal));
        await using var refusing = await JudgeStub.OfAsync(StubUpstream.Json("{\"error\":{\"message\":\"who are you?\"}}", 401));
        await Rig.WriteAsync("model-migrate.yaml", (await File.ReadAllTextAsync(Rig.In("model-migrate.yaml"))).Replace("http://127.0.0.1:1/v1", refusing.Url.ToString(), StringComparison.Ordinal));
        var file = await rig.FileAsync("evaluation.yaml");
        var run = await GradingRig.RunAsync($"evaluate --config {file} --out {Rig.In("gone")}");
        Assert.Equal((int)ExitCode.Infrastructure, run.Code);
        Assert.Contains("The judge judge could not be asked for the first 10 cases, the last time: The judge could not be asked (401)", run.Error, StringComparison.Ordinal);

        await Rig.WriteAsync("model-migrate.yaml", (await File.ReadAllTextAsync(Rig.In("model-migrate.yaml"))).Replace(refusing.Url.ToString(), rig.Judge.Url.ToString(), StringComparison.Ordinal));
        var later = await GradingRig.RunAsync($"evaluate --config {file} --out {Rig.In("gone")} --retry-errors --json");
        Assert.True(later.Code == 0, later.Error + later.Out);
        Assert.All(JsonNode.Parse(later.Out)!["grading"]!.AsArray(), each => Assert.Equal(0, each!["missing"]!.GetValue<int>()));
        Assert.Equal((GradingRig.Rows, GradingRig.Rows), (rig.Source.Stats.Answered, rig.Target.Stats.Answered));
    }

    [Fact]
    public async Task Evaluate_JudgeOfAnArmsFamily_IsRefusedUnlessAllowed()
    {
        await using var rig = new GradingRig(Rig);
        await rig.StartAsync("new-judge");
        var refused = await GradingRig.RunAsync($"evaluate --config {await rig.FileAsync("own.yaml", judge: "new-judge")} --out {Rig.In("family")}");
        Assert.Equal((int)ExitCode.Usage, refused.Code);
        Assert.Contains("new-judge and new are both of the family new", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0, rig.Source.Stats.Started);

        var allowed = await GradingRig.RunAsync($"evaluate --config {await rig.FileAsync("allowed.yaml", "allowSameFamily: true", "new-judge")} --out {Rig.In("family")}");
        Assert.True(allowed.Code == 0, allowed.Error);
    }

    [Fact]
    public async Task Merge_ShardsWithGrades_SaysWhatOneRunSays()
    {
        await using var rig = new GradingRig(Rig);
        await rig.StartAsync();
        var file = await rig.FileAsync("evaluation.yaml");
        var whole = await GradingRig.RunAsync($"evaluate --config {file} --out {Rig.In("one")} --json");
        foreach (var shard in new[] { 1, 2 })
        {
            Assert.Equal(0, (await GradingRig.RunAsync($"evaluate --config {file} --out {Rig.In($"shard-{shard}")} --shard {shard}/2")).Code);
        }

        var calls = rig.Judge.Calls;
        var merged = await CliRun.OfAsync($"merge --out {Rig.In("all")} {Rig.In("shard-1")} {Rig.In("shard-2")} --json");
        Assert.True(merged.Code == whole.Code, merged.Error);
        var (expected, found) = (JsonNode.Parse(whole.Out)!, JsonNode.Parse(merged.Out)!);
        foreach (var part in new[] { "completeness", "source", "target", "metrics", "grading", "gate", "samples" })
        {
            Assert.Equal(expected[part]!.ToJsonString(), found[part]!.ToJsonString());
        }

        Assert.Equal(calls, rig.Judge.Calls);
    }

    [Fact]
    public async Task Evaluate_EvaluatorOfAnAssembly_ScoresWithPromptAndReferences()
    {
        await using var rig = new GradingRig(Rig);
        await rig.StartAsync();
        var assembly = typeof(RightEvaluator).Assembly.Location;
        var file = await Rig.WriteAsync("evaluator.yaml", $$"""
            source: old
            target: new
            dataset: few.jsonl
            metrics:
              - exact
              - { metric: evaluator, as: right, params: { assembly: {{assembly}}, type: {{typeof(RightEvaluator).FullName}}, metric: Right, context: {{typeof(RightContext).FullName}} } }

            """);
        var run = await GradingRig.RunAsync($"evaluate --config {file} --out {Rig.In("evaluator")} --json");
        Assert.True(run.Code == 0, run.Error + run.Out);
        var result = JsonNode.Parse(run.Out)!;
        Assert.Equal((Mean(Metric(result, "exact"), "source"), Mean(Metric(result, "exact"), "target")), (Mean(Metric(result, "right"), "source"), Mean(Metric(result, "right"), "target")));
        Assert.Matches(@"evaluator:ModelMigrate\.Tests\.Providers\.Evaluators\.RightEvaluator@.*/Right\|version:1\|ModelMigrate\.Tests\.dll:sha256-[0-9a-f]{16}$", Text(Metric(result, "right")["signature"]));

        var wrong = await Rig.WriteAsync("wrong.yaml", (await File.ReadAllTextAsync(file)).Replace("RightEvaluator,", "WrongEvaluator,", StringComparison.Ordinal));
        var refused = await GradingRig.RunAsync($"evaluate --config {wrong} --out {Rig.In("wrong")}");
        Assert.Equal((int)ExitCode.Usage, refused.Code);
        Assert.Contains("has no type ModelMigrate.Tests.Providers.Evaluators.WrongEvaluator; its evaluators are", refused.Error, StringComparison.Ordinal);
    }

    /// <summary>What is written, and the sentence that must answer it; no model is asked.</summary>
    [Theory]
    [InlineData("rubric", "", "rubric needs file:")]
    [InlineData("rubric", "--param rubric.file=nowhere.md", "rubric is graded by a model, and none is named; write --judge MODEL")]
    [InlineData("rubric", "--param rubric.file=nowhere.md --judge openai:j@http://127.0.0.1:1/v1", "Name an existing file with the rubric's words.")]
    [InlineData("preference", "--judge openai:j@http://127.0.0.1:1/v1 --param preference.repeats=0", "repeats=0 is not a whole number from 1 to 20")]
    [InlineData("preference", "--judge openai:j@http://127.0.0.1:1/v1 --grading-budget 1", "The grading budget cannot be kept: no price is known of openai:j@")]
    [InlineData("preference", "--judge openai:m@http://127.0.0.1:1/v1", "m and m are both of the family m")]
    [InlineData("preference", "--judge nobody", "judge: 'nobody' is not in model-migrate.yaml.")]
    [InlineData("command", "--param command.run=/nowhere/score", "run: there is no program /nowhere/score")]
    [InlineData("evaluator", "--param evaluator.assembly=nowhere.dll --param evaluator.type=A --param evaluator.metric=B", "there is no assembly nowhere.dll;")]
    [InlineData("preferense", "", "Did you mean preference?")]
    public async Task Compare_OwnMetricWrong_SaidWithRemedyAndNobodyIsAsked(string metric, string options, string sentence)
    {
        var (old, target) = (await Rig.StartAsync(0.9, seed: 1), await Rig.StartAsync(0.9, seed: 2));
        var config = await Rig.ConfigAsync(old, target);
        var run = await Rig.CompareAsync(old, target, $"--config {config} --metrics exact,{metric} {options} --out wrong");

        Assert.Equal((int)ExitCode.Usage, run.Code);
        Assert.Contains(sentence, run.Error, StringComparison.Ordinal);
        Assert.Equal(0, old.Stats.Started + target.Stats.Started);
    }

    [Fact]
    public async Task Evaluate_KeysAndMetricsWrong_AllSaidAtOnce()
    {
        var file = await Rig.WriteAsync("mistyped.yaml", "sourc: a\ntarget: b\ndataset: c\nmetrics:\n  - {metric: exakt, margn: 1}\n  - {metric: rubric, as: exact}\n");
        var run = await GradingRig.RunAsync($"evaluate --config {file}");

        Assert.Equal((int)ExitCode.Usage, run.Code);
        Assert.Contains("mistyped.yaml:1:1: error unknown-key:", run.Error, StringComparison.Ordinal);
        Assert.Contains("Write 'margin'.", run.Error, StringComparison.Ordinal);
        Assert.Contains("mistyped.yaml:5:14: There is no metric exakt. Did you mean exact?", run.Error, StringComparison.Ordinal);
        Assert.Contains("exact is a metric of the table; call yours by another name.", run.Error, StringComparison.Ordinal);
        Assert.Contains("rubric needs file:", run.Error.Replace("exact needs", "rubric needs", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compare_TimeToFirstToken_IsMeasuredOfStreamedAnswers()
    {
        var (old, target) = (await Rig.StartAsync(0.7, seed: 1), await Rig.StartAsync(0.9, seed: 2));
        var plain = await Rig.CompareAsync(old, target, "--metrics exact,latency --out ttft --json");
        var run = await Rig.CompareAsync(old, target, "--metrics exact,ttft,latency --out ttft --json");
        Assert.True(run.Code == 0, run.Error);

        var result = JsonNode.Parse(run.Out)!;
        Assert.Equal(500, Metric(result, "ttft")["target"]!["cases"]!.GetValue<int>());
        Assert.InRange(result["timing"]!["source"]!["first_token_p50_ms"]!.GetValue<double>(), 0.001, result["timing"]!["source"]!["p50_ms"]!.GetValue<double>());
        Assert.Null(JsonNode.Parse(plain.Out)!["timing"]!["source"]!["first_token_p50_ms"]);

        // The same words streamed as whole, with their tokens; asked anew, because nothing that was kept has that time.
        Assert.Equal(Metric(JsonNode.Parse(plain.Out)!, "exact").ToJsonString(), Metric(result, "exact").ToJsonString());
        Assert.True(result["source"]!["output_tokens"]!.GetValue<long>() > 0);
        Assert.Equal((1000, 1000), (old.Stats.Answered, target.Stats.Answered));
    }

    private static JsonNode Metric(JsonNode result, string id) => result["metrics"]!.AsArray().Single(each => Text(each!["metric"]) == id)!;

    private static double Mean(JsonNode metric, string arm) => metric[arm]!["mean"]!.GetValue<double>();

    private static string Text(JsonNode? node) => node!.GetValue<string>();
}
