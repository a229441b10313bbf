using System.Text.Json;
using System.Text.Json.Nodes;
using ModelMigrate.Core.Evaluation.Results;
using ModelMigrate.Tests.App.Commands;
using ModelMigrate.Tests.Control.Evaluation.Importing;

namespace ModelMigrate.Tests.App.Evaluating.Existing;

/// <summary><c>compare</c> of files that other tools wrote.</summary>
public sealed class FileComparisonTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mm-files-");

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Of 21 pairs 7 pass on the source alone and 1 on the target: the interval is −0.517 to −0.026 (Fagerland, Lydersen and Laake 2014).</summary>
    [Fact]
    public async Task Compare_OfAWorkedExample_IsItsInterval()
    {
        Write("a.json", ForeignFiles.Promptfoo("old", [.. Enumerable.Range(0, 21).Select(i => (double?)(i < 7 ? 1 : i < 8 ? 0 : i % 2))]));
        Write("b.json", ForeignFiles.Promptfoo("new", [.. Enumerable.Range(0, 21).Select(i => (double?)(i < 7 ? 0 : i < 8 ? 1 : i % 2))]));
        var run = await CompareAsync("{}a.json {}b.json --json");
        Assert.Equal(4, run.Code);
        var gate = Gate(run);
        Assert.Equal((-0.517, -0.026), (Math.Round(Number(gate["low"]), 3), Math.Round(Number(gate["high"]), 3)));
        Assert.Equal(-6 / 21.0, Number(gate["difference"]), 12);
        Assert.Equal("paired shares, Tango", gate["method"]!.GetValue<string>());
        Assert.Contains("21 pairs are fewer than the 50", run.Error, StringComparison.Ordinal);
    }

    /// <summary>The same counts as a table of the paired gate, whatever the rows' order is.</summary>
    [Theory]
    [InlineData(50, 50, 400, 0)]
    [InlineData(60, 40, 400, 4)]
    [InlineData(95, 5, 400, 1)]
    public async Task Compare_OfPromptfooFiles_ExitsByWhatThePairsShow(int onlySource, int onlyTarget, int alike, int code)
    {
        var rows = onlySource + onlyTarget + alike;
        Write("a.json", ForeignFiles.Promptfoo("old", [.. Enumerable.Range(0, rows).Select(i => (double?)(i < onlySource ? 1 : i < onlySource + onlyTarget ? 0 : 1))]));
        var target = JsonNode.Parse(ForeignFiles.Promptfoo("new", [.. Enumerable.Range(0, rows).Select(i => (double?)(i < onlySource ? 0 : 1))]))!;
        var turned = target["results"]!["results"]!.AsArray().Select(row => row!.DeepClone()).Reverse().ToArray();
        target["results"]!["results"] = new JsonArray(turned);
        Write("b.json", target.ToJsonString());
        var run = await CompareAsync("{}a.json {}b.json --margin 5pp --out {}out");
        Assert.Equal((code, ""), (run.Code, run.Error));
        Assert.Contains("promptfoo: 500 cases are in both runs, 0 only in the source, 0 only in the target.", run.Out, StringComparison.Ordinal);

        // What is written is what check-regression and evaluation-report read.
        var result = EvaluationResult.TryRead(await File.ReadAllBytesAsync(Path.Combine(_folder.FullName, "out", "result.json")), out _)!;
        Assert.Equal(("old", "new", 500), (result.Source!.Model, result.Target.Model, result.Imported!.Paired));
        Assert.Equal((1500, 1000, 250m), (result.Target.InputTokens, result.Target.OutputTokens, result.Target.Cost));
        Assert.Equal(20, result.WorstCases.Count);
        Assert.Equal(("old says 1", "new says 0"), (result.WorstCases[0].SourceAnswer, result.WorstCases[0].TargetAnswer));
        Assert.Equal((onlySource + alike) / (double)rows, result.Metrics[0].Source!.Mean!.Value, 12);
    }

    [Fact]
    public async Task Compare_OfTwoProvidersInOneFile_PairsWithinIt()
    {
        var rows = new JsonArray([.. Enumerable.Range(0, 120).SelectMany(i => new[] { ForeignFiles.Row("old", i, i % 4 == 0 ? 0 : 1), ForeignFiles.Row("new", i, i % 4 == 1 ? 0 : 1) })]);
        Write("both.jsonl", string.Join('\n', rows.Select(row => row!.ToJsonString())));
        var run = await CompareAsync("{}both.jsonl --source old --target openai:new --metrics pass,quality --margin 0.3 --json");
        Assert.True(run.Code == 0, run.Error);
        var result = JsonNode.Parse(run.Out)!;
        Assert.Equal(["pass", "quality"], result["gate"]!["metrics"]!.AsArray().Select(metric => metric!["metric"]!.GetValue<string>()));
        Assert.Equal((120, 120), (Number(result["imported"]!["paired"]), Number(result["metrics"]![1]!["target"]!["cases"])));
        Assert.All(result["metrics"]!.AsArray(), metric => Assert.Equal(0.75, Number(metric!["source"]!["mean"]), 12));
    }

    [Fact]
    public async Task Compare_CasesOfOneRunAlone_AreCountedWithWhy()
    {
        var (source, target) = (JsonNode.Parse(ForeignFiles.Promptfoo("old", [.. Enumerable.Repeat<double?>(1, 100)]))!, JsonNode.Parse(ForeignFiles.Promptfoo("new", [.. Enumerable.Repeat<double?>(1, 103)]))!);
        // One is gone, one is held against something else; three are new.
        target["results"]!["results"]!.AsArray().RemoveAt(7);
        target["results"]!["results"]![0]!["testCase"]!["assert"]![0]!["value"] = "y";
        target["results"]!.AsObject().Remove("stats");
        Write("a.json", source.ToJsonString());
        Write("b.json", target.ToJsonString());
        var run = await CompareAsync("{}a.json {}b.json");
        Assert.Contains(
            "98 cases are in both runs, 2 only in the source (1 not in the other run, 1 with other checks in the other run), 4 only in the target (3 not in the other run, 1 with other checks in the other run).", run.Out, StringComparison.Ordinal);
        Assert.Equal((2, "pass: 6 of 104 cases have no score in an arm (4 in the source, 2 in the target), and at most 5 % may be missing; ask those again.\n"), (run.Code, run.Error));
    }

    [Fact]
    public async Task Compare_ErrorsOfARun_AreMissingAndNeverFailures()
    {
        double?[] good = [.. Enumerable.Repeat<double?>(1, 100)];
        double?[] some = [.. good.Select((score, i) => i < 4 ? null : score)];
        Write("a.json", ForeignFiles.Promptfoo("old", good));
        Write("b.json", ForeignFiles.Promptfoo("new", some));
        var run = await CompareAsync("{}a.json {}b.json --json");
        Assert.True(run.Code == 0, run.Error);
        var result = JsonNode.Parse(run.Out)!;
        Assert.Equal((1, 96, 4), (Number(result["metrics"]![0]!["target"]!["mean"]), Number(Gate(run)["cases"]), Number(Gate(run)["missing"])));
        Assert.Equal((96, 4), (Number(result["target"]!["answers"]), Number(result["target"]!["errors"])));
        Assert.Null(result["samples"]!["target"]!["pass"]![0]);
    }

    [Fact]
    public async Task Compare_RepeatsOfATest_AreOneCaseWithTheirMean()
    {
        Write("a.jsonl", string.Join('\n', Enumerable.Range(0, 180).Select(i => ForeignFiles.Row("old", i / 3, i % 3 == 0 ? 0 : 1).ToJsonString())));
        Write("b.jsonl", string.Join('\n', Enumerable.Range(0, 60).Select(i => ForeignFiles.Row("new", i, i % 2).ToJsonString())));
        var run = await CompareAsync("{}a.jsonl {}b.jsonl --json");
        var result = JsonNode.Parse(run.Out)!;
        Assert.Equal(60, Number(result["imported"]!["paired"]));
        Assert.Equal(2 / 3.0, Number(result["samples"]!["source"]!["pass"]![0]), 12);
    }

    [Fact]
    public async Task Compare_SeveralPromptsOfATest_AreOneCluster()
    {
        foreach (var (file, provider) in new[] { ("a.jsonl", "old"), ("b.jsonl", "new") })
        {
            Write(file, string.Join('\n', Enumerable.Range(0, 60).SelectMany(i => new[] { "p", "r" }.Select(prompt => ForeignFiles.Row(provider, i, (i + prompt[0] + provider[0]) % 3 == 0 ? 0 : 1, prompt).ToJsonString()))));
        }

        var run = await CompareAsync("{}a.jsonl {}b.jsonl --json");
        Assert.Equal(("paired t by clusters", 120), (Gate(run)["method"]!.GetValue<string>(), Number(Gate(run)["cases"])));
    }

    [Fact]
    public async Task Compare_OtherPrompts_AreRefusedUnlessAccepted()
    {
        double?[] scores = [.. Enumerable.Repeat<double?>(1, 100)];
        Write("a.json", ForeignFiles.Promptfoo("old", scores));
        Write("b.json", ForeignFiles.Promptfoo("new", scores, prompt: "other"));
        var refused = await CompareAsync("{}a.json {}b.json");
        Assert.Equal(2, refused.Code);
        Assert.StartsWith("100 cases were asked with another prompt in the other run, test 1 first.", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await CompareAsync("{}a.json {}b.json --accept unlike-prompts")).Code);
    }

    [Fact]
    public async Task Compare_OfLmEvalRuns_PairsDocumentsOfATask()
    {
        const string Time = "2026-01-02T03-04-05.678901";
        foreach (var (folder, lost, version, asked) in new[] { ("a", 0, "1.0", 200), ("b", 60, "1.0", 200), ("c", 0, "2.0", 200), ("d", 0, "1.0", 150) })
        {
            Directory.CreateDirectory(Path.Combine(_folder.FullName, folder));
            Write($"{folder}/results_{Time}.json", ForeignFiles.Results("arc", folder, version, original: 200, effective: asked));
            Write($"{folder}/samples_arc_{Time}.jsonl", ForeignFiles.Samples([.. Enumerable.Range(0, asked).Select(i => i < lost ? "0.0" : "1.0")]));
        }

        var worse = await CompareAsync($"{{}}a/results_{Time}.json {{}}b/samples_arc_{Time}.jsonl --margin acc=5pp");
        Assert.Equal((1, ""), (worse.Code, worse.Error));
        Assert.Contains("arc/acc", worse.Out, StringComparison.Ordinal);
        Assert.Contains("FAIL, not recommended.", worse.Out, StringComparison.Ordinal);
        var unlike = await CompareAsync($"{{}}a/results_{Time}.json {{}}c/results_{Time}.json");
        Assert.Equal((2, "arc/acc: the source was scored by lm-eval arc/acc version 1.0, the target by lm-eval arc/acc version 2.0; score both by one.\n"), (unlike.Code, unlike.Error));
        var part = await CompareAsync($"{{}}d/results_{Time}.json {{}}d/samples_arc_{Time}.jsonl");
        Assert.Equal(2, part.Code);
        Assert.Contains($"results_{Time}.json: arc was asked 150 of its 200 documents. To judge the part as a data set of its own: --accept limited.", part.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await CompareAsync($"{{}}d/results_{Time}.json {{}}d/samples_arc_{Time}.jsonl --accept limited")).Code);
    }

    /// <summary>Two averages with standard errors 0.02: z = 0.2 / 0.0283, and never a pass.</summary>
    [Theory]
    [InlineData("0.8", "0.6", 1, "Worse by more than the margin: target − source is -0.2, margin 0.05, 400 pairs, p < 0.0001.")]
    [InlineData("0.6", "0.8", 4, "Not paired, so no pass: the averages are +0.2 apart")]
    [InlineData("0.8", "0.74", 4, "Not decided")]
    [InlineData("0.8", "NaN", 2, "arc/acc: a file says neither its scores case by case nor its average")]
    public async Task Compare_OfAveragesAlone_NeverPasses(string source, string target, int code, string said)
    {
        Write("a.json", ForeignFiles.Results("arc", "old", original: 400, effective: 400, value: source, error: "0.02"));
        Write("b.json", ForeignFiles.Results("arc", "new", original: 400, effective: 400, value: target, error: "0.02"));
        var refused = await CompareAsync("{}a.json {}b.json");
        Assert.Equal((2, ""), (refused.Code, refused.Out));
        Assert.StartsWith("a.json holds averages of the source and no scores of single cases, so nothing can be paired. Run lm_eval with --log_samples", refused.Error, StringComparison.Ordinal);
        var run = await CompareAsync("{}a.json {}b.json --unpaired");
        Assert.Equal(code, run.Code);
        Assert.Contains(said, run.Out + run.Error, StringComparison.Ordinal);
        if (code == 1)
        {
            var gate = Gate(await CompareAsync("{}a.json {}b.json --unpaired --json"));
            // ± 1.966 · 0.0283, by Student's t with 399 degrees of freedom.
            Assert.Equal((-0.2556, -0.1444), (Math.Round(Number(gate["low"]), 4), Math.Round(Number(gate["high"]), 4)));
        }
    }

    [Theory]
    [InlineData(24, 4)]
    [InlineData(25, 0)]
    public async Task Compare_OfASourceThatCannotBeLost_DecidesNothing(int ones, int code)
    {
        double?[] scores = [.. Enumerable.Range(0, 500).Select(i => i < ones ? 1 : 0)];
        Write("a.json", ForeignFiles.Promptfoo("old", scores));
        Write("b.json", ForeignFiles.Promptfoo("new", scores));
        var run = await CompareAsync("{}a.json {}b.json --margin 5pp");
        Assert.Equal((code, code == 4), (run.Code, (run.Out + run.Error).Contains("no target could be worse by the margin of 0.05", StringComparison.Ordinal)));
    }

    /// <summary>Averages alone never pass; where the target could not have been worse, that is said instead, and a source that could be lost can fail.</summary>
    [Theory]
    [InlineData("0.02", "0", "0.04", 4, "the source reaches 0.02, so near to the worst there is, 0, that no target could be worse by the margin of 0.04")]
    [InlineData("0.02", "0.02", "0.04", 4, "no target could be worse by the margin of 0.04")]
    [InlineData("0.02", "0.02", "0.02", 4, "Not paired, so no pass")]
    [InlineData("0.02", "0", "0.01", 1, "Worse by more than the margin")]
    public async Task Compare_OfAveragesNearTheWorst_DecidesNothing(string source, string target, string margin, int code, string said)
    {
        Write("a.json", ForeignFiles.Results("arc", "old", original: 400, effective: 400, value: source, error: "0.002"));
        Write("b.json", ForeignFiles.Results("arc", "new", original: 400, effective: 400, value: target, error: "0.002"));
        var run = await CompareAsync($"{{}}a.json {{}}b.json --unpaired --margin {margin}");
        Assert.Equal(code, run.Code);
        Assert.Contains(said, run.Out + run.Error, StringComparison.Ordinal);
    }

    /// <summary>Each row of the table: files, command line, exit code, and every word on the error stream. <c>@name</c> is a file of another tool.</summary>
    [Fact]
    public async Task Compare_OfWhatCannotBe_ExitsAndSaysAsTheTableHasIt()
    {
        using var table = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(ForeignFiles.Folder, "bad-imports.json")));
        Assert.All(table.RootElement.EnumerateArray().ToList(), (row, number) =>
        {
            var folder = _folder.CreateSubdirectory($"row{number}");
            foreach (var file in row.GetProperty("files").EnumerateObject())
            {
                var text = file.Value.GetString()!;
                File.WriteAllText(Path.Combine(folder.FullName, file.Name), text.StartsWith('@') ? File.ReadAllText(ForeignFiles.Of(text[1..])) : text);
            }

            var run = CliRun.OfAsync("compare " + row.GetProperty("line").GetString()!.Replace("{}", folder.FullName + "/", StringComparison.Ordinal)).GetAwaiter().GetResult();
            Assert.Equal((row.GetProperty("status").GetInt32(), row.GetProperty("message").GetString()), (run.Code, run.Error.Replace(folder.FullName + "/", "", StringComparison.Ordinal).Split("\n\nSee: ")[0].TrimEnd('\n')));
        });
    }

    private static JsonNode Gate(CliRun run) => JsonNode.Parse(run.Out)!["gate"]!["metrics"]![0]!;

    private static double Number(JsonNode? node) => node!.GetValue<double>();

    private Task<CliRun> CompareAsync(string line) => CliRun.OfAsync("compare " + line.Replace("{}", _folder.FullName + "/", StringComparison.Ordinal));

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder.FullName, name), text);
}
