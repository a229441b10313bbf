using System.Text.Json.Nodes;
using Dapper;
using Microsoft.Data.Sqlite;
using ModelMigrate.Core.Evaluation.Results;
using ModelMigrate.Simulation;
using ModelMigrate.Tests.App.Commands;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.App.Evaluating;

/// <summary><c>evaluation-report --format promptfoo</c>: what it writes is read back, here and by promptfoo.</summary>
public sealed class PromptfooExportTests : ComparisonTests
{
    private const string Metrics = "exact,f1_squad,word_count";

    [Fact]
    public async Task Export_ReadBackByCompare_HasTheSameScoresOfEveryRow()
    {
        var (old, target) = await ComparedAsync("run");
        var export = await ReportAsync("run", $"--dataset {ComparisonRig.Questions}");
        Assert.Equal((0, ""), (export.Code, export.Error));

        var (first, again) = (Result("run/result.json"), await ReadBackAsync(old, target));
        Assert.Equal((500, 500), (again.Imported!.Paired, again.Samples!.Ids.Count));
        foreach (var metric in Metrics.Split(','))
        {
            Assert.Equal(Sorted(first, metric), Sorted(again, metric));
            Assert.Equal(first.Metrics.Single(each => each.Metric == metric).Target.Mean!.Value, again.Metrics.Single(each => each.Metric == metric).Target.Mean!.Value, 12);
        }

        Assert.Equal((first.Source!.InputTokens, first.Target.OutputTokens), (again.Source!.InputTokens, again.Target.OutputTokens));
        Assert.Equal(first.Gate!.Metrics[0].Difference, again.Gate!.Metrics.Single(each => each.Metric == "exact").Difference, 12);
    }

    /// <summary>A row passes when each metric between 0 and 1 is above 0; its score is their mean. Totals are those of the rows.</summary>
    [Fact]
    public async Task Export_RowsAndTotals_AreThoseOfTheResult()
    {
        await ComparedAsync("run");
        await ReportAsync("run", $"--dataset {ComparisonRig.Questions}");
        var (file, result) = (JsonNode.Parse(await File.ReadAllTextAsync(Rig.In("results.json")))!, Result("run/result.json"));
        var rows = file["results"]!["results"]!.AsArray();
        Assert.Equal(1000, rows.Count);
        Assert.Equal(1000, rows.Select(row => row!["id"]!.GetValue<string>()).Distinct(StringComparer.Ordinal).Count());
        var exact = result.Samples!.Target["exact"];
        var f1 = result.Samples.Target["f1_squad"];
        for (var i = 0; i < 500; i++)
        {
            var row = rows[500 + i]!;
            Assert.Equal((i, 1, result.Samples.Ids[i]), (row["testIdx"]!.GetValue<int>(), row["promptIdx"]!.GetValue<int>(), row["vars"]!["id"]!.GetValue<string>()));
            Assert.Equal(exact[i] > 0 && f1[i] > 0, row["success"]!.GetValue<bool>());
            Assert.Equal((exact[i] + f1[i])!.Value / 2, row["score"]!.GetValue<double>(), 12);
            Assert.Equal(row["success"]!.GetValue<bool>() ? 0 : 1, row["failureReason"]!.GetValue<int>());
            Assert.NotEmpty(row["response"]!["output"]!.GetValue<string>());
        }

        var (passed, stats) = (rows.Count(row => row!["success"]!.GetValue<bool>()), file["results"]!["stats"]!);
        Assert.Equal((passed, 1000 - passed, 0), (Int(stats["successes"]), Int(stats["failures"]), Int(stats["errors"])));
        var prompts = file["results"]!["prompts"]!.AsArray();
        Assert.Equal(passed, prompts.Sum(prompt => Int(prompt!["metrics"]!["testPassCount"])));
        Assert.Equal(exact.Sum(score => score!.Value), prompts[1]!["metrics"]!["namedScores"]!["exact"]!.GetValue<double>(), 9);
        Assert.Equal(rows[0]!["promptId"]!.GetValue<string>(), prompts[1]!["id"]!.GetValue<string>());
        Assert.Equal(result.Gate!.Reason, file["metadata"]!["modelMigrate"]!["result"]!["gate"]!["reason"]!.GetValue<string>());
    }

    /// <summary>The result alone holds scores and no answers: what is not there is said, and nothing is made up for it.</summary>
    [Fact]
    public async Task Export_OfAResultAlone_HasItsScoresAndSaysWhatIsMissing()
    {
        var (old, target) = await ComparedAsync("run");
        Directory.CreateDirectory(Rig.In("alone"));
        File.Copy(Rig.In("run/result.json"), Rig.In("alone/result.json"));
        var export = await ReportAsync("alone", "");
        Assert.Equal(0, export.Code);
        Assert.Contains("Not in the file: The answers, their latencies, costs and errors", export.Error, StringComparison.Ordinal);
        Assert.Contains("Not in the file: The prompts but those of the worst cases: name the data set.", export.Error, StringComparison.Ordinal);

        var again = await ReadBackAsync(old, target);
        Assert.Equal(Sorted(Result("run/result.json"), "f1_squad"), Sorted(again, "f1_squad"));
        Assert.DoesNotContain(again.Metrics, static metric => metric.Metric is "latency_ms" && metric.Target.Cases > 0);
    }

    [Fact]
    public async Task Export_ARowWithoutAnAnswer_IsAnErrorAndNoFailure()
    {
        var (old, target) = await ComparedAsync("run");
        await using (var file = new SqliteConnection($"Data Source={Rig.In("run/evaluation.db")};Pooling=False"))
        {
            await file.ExecuteAsync("DELETE FROM scores WHERE sample = 3 AND arm = 2; UPDATE results SET answer = NULL, error = 'throttled', message = 'slow down', latency_ms = NULL WHERE sample = 3 AND arm = 2");
        }

        await ReportAsync("run", "");
        var row = JsonNode.Parse(await File.ReadAllTextAsync(Rig.In("results.json")))!["results"]!["results"]![503]!;
        Assert.Equal((2, false, "throttled: slow down", 0), (Int(row["failureReason"]), row["success"]!.GetValue<bool>(), row["error"]!.GetValue<string>(), row["namedScores"]!.AsObject().Count));
        Assert.True(row["response"] is null && row["gradingResult"] is null);
        var again = await ReadBackAsync(old, target);
        Assert.Equal((499, 1), (again.Target.Answers, again.Target.Errors));
    }

    [Fact]
    public async Task Export_AModelAgainstItself_IsTwoProviders()
    {
        var old = await Rig.StartAsync(0.9, seed: 1);
        await Rig.CompareAsync(old, old, "--metrics exact --out same");
        await ReportAsync("same", "");
        var rows = JsonNode.Parse(await File.ReadAllTextAsync(Rig.In("results.json")))!["results"]!["results"]!.AsArray();
        Assert.Equal([ComparisonRig.Arm(old), $"{ComparisonRig.Arm(old)} (target)"], rows.Select(row => row!["provider"]!["label"]!.GetValue<string>()).Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Export_WhatCannotBeWritten_IsSaidWithRemedy()
    {
        await ComparedAsync("run");
        var other = await Rig.WriteAsync("other.jsonl", """{"prompt":"a","reference":"b"}""");
        var wrong = await ReportAsync("run", $"--dataset {other}");
        Assert.Equal(2, wrong.Code);
        Assert.Contains("are not those that were compared", wrong.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await ReportAsync("run", $"--dataset {Rig.In("none.jsonl")}")).Code);
        Assert.False(File.Exists(Rig.In("results.json")));

        var bare = Result("run/result.json") with { Samples = null };
        Directory.CreateDirectory(Rig.In("bare"));
        await File.WriteAllTextAsync(Rig.In("bare/result.json"), bare.ToJson());
        var none = await ReportAsync("bare", "");
        Assert.Equal((2, "The result holds no scores of single rows, and evaluation.db of the same comparison is not beside it. Leave the result in the folder that --out named.\n"), (none.Code, none.Error));
    }

    /// <summary>What evaluate-promptfoo writes of two models with one prompt is one prompt, as promptfoo has it, and so read back in pairs.</summary>
    [Fact]
    public async Task Export_OfARunOfTwoProviders_IsReadBackInPairs()
    {
        await RunOfTwoAsync();
        var back = await CliRun.OfAsync($"compare {Rig.In("two.json")} --source one --target two --metrics pass --margin 5pp --json");
        Assert.True(back.Out.Length > 0, back.Error);
        var result = EvaluationResult.TryRead(System.Text.Encoding.UTF8.GetBytes(back.Out), out _)!;
        Assert.Equal((60, 0, 0), (result.Imported!.Paired, result.Imported.OnlySource, result.Imported.OnlyTarget));
        Assert.Equal(1.0, result.Metrics[0].Target.Mean);
    }

    [PromptfooFact, Trait("kind", "full")]
    public async Task Export_OfARunOfTwoProviders_IsImportedByPromptfoo()
    {
        await RunOfTwoAsync();
        var id = JsonNode.Parse(await File.ReadAllTextAsync(Rig.In("two.json")))!["evalId"]!.GetValue<string>();
        Assert.Equal(0, (await PromptfooProgram.RunAsync(Rig.In("promptfoo"), "import", Rig.In("two.json"))).Code);
        Assert.Equal(0, (await PromptfooProgram.RunAsync(Rig.In("promptfoo"), "export", "eval", id, "-o", Rig.In("theirs.json"))).Code);
        var stats = JsonNode.Parse(await File.ReadAllTextAsync(Rig.In("theirs.json")))!["results"]!["stats"]!;
        Assert.Equal((120, 0, 0), (Int(stats["successes"]), Int(stats["failures"]), Int(stats["errors"])));
    }

    /// <summary>promptfoo's own import takes the file, and its export has the same counts and scores.</summary>
    [PromptfooFact, Trait("kind", "full")]
    public async Task Export_ImportedByPromptfoo_HasTheSameCounts()
    {
        await ComparedAsync("run");
        await ReportAsync("run", $"--dataset {ComparisonRig.Questions}");
        var mine = JsonNode.Parse(await File.ReadAllTextAsync(Rig.In("results.json")))!;
        var imported = await PromptfooProgram.RunAsync(Rig.In("promptfoo"), "import", Rig.In("results.json"));
        Assert.True(imported.Code == 0, imported.Error + imported.Out);
        var exported = await PromptfooProgram.RunAsync(Rig.In("promptfoo"), "export", "eval", mine["evalId"]!.GetValue<string>(), "-o", Rig.In("theirs.json"));
        Assert.True(exported.Code == 0, exported.Error + exported.Out);
        var theirs = JsonNode.Parse(await File.ReadAllTextAsync(Rig.In("theirs.json")))!;
        Assert.Equal(1000, theirs["results"]!["results"]!.AsArray().Count);
        foreach (var count in new[] { "successes", "failures", "errors" })
        {
            Assert.Equal(Int(mine["results"]!["stats"]![count]), Int(theirs["results"]!["stats"]![count]));
        }

        Assert.Equal(
            mine["results"]!["prompts"]!.AsArray().Select(prompt => prompt!["metrics"]!["namedScores"]!.ToJsonString()), theirs["results"]!["prompts"]!.AsArray().Select(prompt => prompt!["metrics"]!["namedScores"]!.ToJsonString()));
    }

    private async Task RunOfTwoAsync()
    {
        var tests = string.Concat(Enumerable.Range(0, 60).Select(static i => $"  - {{ vars: {{ n: {i} }}, assert: [{{ type: contains, value: '{i}' }}] }}\n"));
        var config = await Rig.WriteAsync("two.yaml", $"prompts: ['say {{{{n}}}}']\nproviders: [{{ id: echo, label: one }}, {{ id: echo, label: two }}]\ntests:\n{tests}");
        var run = await CliRun.OfAsync($"evaluate-promptfoo -c {config} -o {Rig.In("two.json")}");
        Assert.True(run.Code == 0, run.Error);
    }

    private async Task<(SimulatedProvider Source, SimulatedProvider Target)> ComparedAsync(string name)
    {
        var (old, target) = (await Rig.StartAsync(0.85, seed: 1), await Rig.StartAsync(0.93, seed: 2));
        var run = await Rig.CompareAsync(old, target, $"--metrics {Metrics} --margin exact=5pp --margin f1_squad=5pp --out {name}");
        Assert.True(run.Code == 0, run.Error);
        return (old, target);
    }

    private Task<CliRun> ReportAsync(string folder, string options) => CliRun.OfAsync($"evaluation-report --result {Rig.In(folder)}/result.json --format promptfoo --to {Rig.In("results.json")} {options}");

    private async Task<EvaluationResult> ReadBackAsync(SimulatedProvider source, SimulatedProvider target)
    {
        var run = await CliRun.OfAsync($"compare {Rig.In("results.json")} --source {ComparisonRig.Arm(source)} --target {ComparisonRig.Arm(target)} --metrics {Metrics} --margin exact=5pp --json");
        Assert.True(run.Out.Length > 0, run.Error);
        return EvaluationResult.TryRead(System.Text.Encoding.UTF8.GetBytes(run.Out), out _)!;
    }

    private EvaluationResult Result(string name) => EvaluationResult.TryRead(File.ReadAllBytes(Rig.In(name)), out _)!;

    /// <summary>Both scores of every row; cases that were read back have other ids.</summary>
    private static IEnumerable<(double?, double?)> Sorted(EvaluationResult result, string metric) =>
        result.Samples!.Source![metric].Zip(result.Samples.Target[metric]).OrderBy(static pair => pair.First).ThenBy(static pair => pair.Second);

    private static int Int(JsonNode? node) => (int)node!.GetValue<double>();
}
