using System.Text.Json.Nodes;
using ModelMigrate.Control.Evaluation.Importing;
using ModelMigrate.Control.Evaluation.Importing.Matching;
using ModelMigrate.Core.Evaluation.Gating.Refusing;
using ModelMigrate.Core.Metrics;

namespace ModelMigrate.Tests.Control.Evaluation.Importing;

/// <summary>Files that other tools wrote, and figures that stand in them.</summary>
public sealed class ResultImporterTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mm-import-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("promptfoo/results.v3.json", "0.123.1")]
    [InlineData("promptfoo/results.jsonl", null)]
    public void TryRead_PromptfooOfTwoProviders_IsTwoRuns(string file, string? version)
    {
        var read = Read(file);
        Assert.Equal(("promptfoo", version), (read.Tool, read.Version));
        Assert.Empty(read.Notes);
        Assert.Equal([("source-model", "echo"), ("target-model", "echo")], read.Runs.Select(run => (run.Name, run.Model)));
        var run = read.Runs[0];
        Assert.Equal(["pass", "score", "accuracy", "shape", "latency_ms", "cost"], run.Metrics.Select(metric => metric.Id));
        Assert.Equal([1, 1, 1, 1, double.PositiveInfinity, double.PositiveInfinity], run.Metrics.Select(metric => metric.Range));
        Assert.Equal(6, run.Cases.Count);
        // The totals that promptfoo itself prints: 3 of 3 and 2 of 3 passed, scores 2.5617 and 2.0434.
        Assert.Equal(5, run.Cases.Sum(each => each.Scores["pass"]));
        Assert.Equal(2.561688311688312 + 2.043350265199149, run.Cases.Sum(each => each.Scores["score"])!.Value, 12);
        Assert.Equal([1, 1], run.Cases.Where(each => each.Scores.ContainsKey("accuracy")).Select(each => each.Scores["accuracy"]!.Value));
        Assert.Equal([0.5, 0.5], run.Cases.Where(each => each.Scores.ContainsKey("shape")).Select(each => each.Scores["shape"]!.Value));
        Assert.Equal(17, run.Cases.Sum(each => each.Scores["latency_ms"]));
        Assert.Equal(3, run.Cases.Select(each => each.Subject).Distinct().Count());
        Assert.Contains("paris, prompt Result is {{answer}}", run.Cases.Select(each => each.Name));
        Assert.Contains(run.Cases, each => each is { Asked: "Result is Paris", Answer: "Result is Paris" } && each.Scores["pass"] == 0);
    }

    [Fact]
    public void TryRead_PromptfooErrors_AreMissingAndNotZero()
    {
        var read = Read("promptfoo/results-with-errors.v3.json");
        Assert.Equal(["bad", "echo"], read.Runs.Select(run => run.Name));
        Assert.All(read.Runs[0].Cases, each => Assert.True(each.IsError));
        Assert.All(read.Runs[0].Cases.SelectMany(each => each.Scores), score => Assert.Null(score.Value));
        Assert.Equal([1, 1], read.Runs[1].Cases.Select(each => each.Scores["pass"]!.Value));

        // 12 passed, 6 failed, 2 errors; repeats and both prompts have the same subjects.
        var mixed = Assert.Single(Read("promptfoo/results-repeat-scenario-errors.v3.json").Runs);
        Assert.Equal((20, 12, 6, 2), (mixed.Cases.Count, mixed.Cases.Count(each => each.Scores["pass"] == 1), mixed.Cases.Count(each => each.Scores["pass"] == 0), mixed.Cases.Count(each => each.IsError)));
        Assert.Equal(10, mixed.Cases.Select(each => (each.Subject, each.Checks, each.Prompt)).Distinct().Count());
    }

    [Fact]
    public void TryRead_PromptfooWhoseStatsContradictItsRows_CountsTheRows()
    {
        var read = Read("promptfoo/results-resume-inconsistent.v3.json");
        Assert.Equal(["Its stats say 13 passed, 0 failed, 0 errors; its rows are 13, 1 and 0. The rows count."], read.Notes);
        var run = Assert.Single(read.Runs);
        Assert.Equal((14, 13, DataCompleteness.Complete), (run.Cases.Count, run.Cases.Sum(each => each.Scores["pass"]), run.Completeness));
        Assert.Equal("slow", run.Name);

        // Rows that the totals count and the file has not are lost.
        var text = File.ReadAllText(ForeignFiles.Of("promptfoo/results-resume-inconsistent.v3.json")).Replace("\"successes\": 13", "\"successes\": 15", StringComparison.Ordinal);
        var lost = ReadText("lost.json", text).Runs[0];
        Assert.Equal((DataCompleteness.Partial, "Its stats count 15 results and it holds 14."), (lost.Completeness, lost.IncompleteBecause));
    }

    [Theory]
    [InlineData("v0.3-wsc-res.json", "v0.3-wsc-res", null, "wsc/acc", 0.5480769230769231, 0.049038186969314335, 0, MetricDirection.HigherIsBetter)]
    [InlineData("v0.4.4-gpt2-results.json", "gpt2", null, "beep/acc", 0.5191780821917809, 0.009247689843527664, 2920, MetricDirection.HigherIsBetter)]
    [InlineData("v0.4.8-openai-chat-infinity-nan-results.json", "gpt-4o-mini", "0.4.8", "polymer_tg_prediction/mae", null, null, 24, MetricDirection.LowerIsBetter)]
    [InlineData("v0.4.9-bleu-rouge-judge-results.json", "Qwen/Qwen3-8B", "0.4.9.2", "nl2foam_gen_formatted/bleu", 0.26964208587876437, 0.0020644975723618244, 2849, MetricDirection.HigherIsBetter)]
    [InlineData("v0.4.9-bleu-rouge-judge-results.json", "Qwen/Qwen3-8B", "0.4.9.2", "nl2foam_llm_judge_formatted/llm_judge", 36.292, 0.5650664316204675, 100, MetricDirection.HigherIsBetter)]
    [InlineData("v0.4.10-filter-named-na-stderr-results.json", "google/gemma-2b", "0.4.10.dev0", "masakhaner_luo_prompt_1/f1@flexible-extract", 0.0656270305392884, null, 185, MetricDirection.HigherIsBetter)]
    [InlineData("v0.4-groups-results.json", "Qwen/Qwen3-8B", "0.4.13.dev0", "negotiationtom/acc", 0.525, 0.08009040943964843, 40, MetricDirection.HigherIsBetter)]
    [InlineData("v0.4-groups-results.json", "Qwen/Qwen3-8B", "0.4.13.dev0", "negotiationtom_intention/micro_f1", 0.2857142857142857, null, 20, MetricDirection.HigherIsBetter)]
    public void TryRead_LmEvalResults_OfEveryShape(string file, string model, string? version, string metric, double? mean, double? error, long cases, MetricDirection direction)
    {
        var read = Read($"lm-eval/{file}");
        var run = Assert.Single(read.Runs);
        Assert.Equal(("lm-eval", version, model), (read.Tool, read.Version, run.Name));
        Assert.Empty(run.Cases);
        var found = Assert.Single(run.Metrics, each => each.Id == metric);
        Assert.Equal((mean, error, cases), (found.Whole!.Mean, found.Whole.StandardError, found.Whole.Cases));
        Assert.Equal((direction, false), (found.Direction, found.HasCases));
    }

    [Fact]
    public void TryRead_LmEvalResults_HaveNoMetricsButTheirs()
    {
        Assert.Equal(
            ["negotiationtom/acc", "negotiationtom/exact_match", "negotiationtom/macro_f1", "negotiationtom/micro_f1", "negotiationtom_belief/acc", "negotiationtom_desire/acc", "negotiationtom_intention/exact_match", "negotiationtom_intention/macro_f1", "negotiationtom_intention/micro_f1"],
            Read("lm-eval/v0.4-groups-results.json").Runs[0].Metrics.Select(metric => metric.Id).Order(StringComparer.Ordinal));
        var limited = Read("lm-eval/v0.4-groups-results.json").Runs[0];
        Assert.Equal((DataCompleteness.Limited, "negotiationtom_belief was asked 20 of its 13812 documents."), (limited.Completeness, limited.IncompleteBecause));
        // --limit 200 of 24 documents is all of them.
        Assert.Equal(DataCompleteness.Complete, Read("lm-eval/v0.4.8-openai-chat-infinity-nan-results.json").Runs[0].Completeness);
        Assert.Equal("lm-eval masakhaner_luo_prompt_1/f1@flexible-extract version 1.0 shots 5", Read("lm-eval/v0.4.10-filter-named-na-stderr-results.json").Runs[0].Metrics[0].Signature);
    }

    [Fact]
    public void TryRead_LmEvalSamples_WithTheResultsBesideThem_KnowTheirTask()
    {
        const string Time = "2026-01-02T03-04-05.678901";
        Write($"results_{Time}.json", ForeignFiles.Results("arc", "a/b", "2.0", original: 6, effective: 6, value: "0.5", error: "0.2"));
        Write($"samples_arc_{Time}.jsonl", ForeignFiles.Samples(["1.0", "0.0", "NaN", "\"N/A\"", "-Infinity", "true"]));
        foreach (var name in new[] { $"results_{Time}.json", $"samples_arc_{Time}.jsonl" })
        {
            var read = ReadFile(name);
            var run = Assert.Single(read.Runs);
            Assert.Equal(("a/b", "0.4.9", DataCompleteness.Complete), (run.Name, read.Version, run.Completeness));
            var metric = Assert.Single(run.Metrics);
            Assert.Equal(("arc/acc", "lm-eval arc/acc version 2.0", true, 1), (metric.Id, metric.Signature, metric.HasCases, metric.Range));
            Assert.Equal([1, 0, null, null, null, 1], run.Cases.Select(each => each.Scores["arc/acc"]));
            Assert.Equal(("arc 0", "ask 0", "t", "a"), (run.Cases[0].Name, run.Cases[0].Asked, run.Cases[0].Expected, run.Cases[0].Answer));
        }

        // Without them a file knows its task by its name, and one that was renamed not even that.
        File.Delete(Path.Combine(_folder.FullName, $"results_{Time}.json"));
        Assert.Equal("arc/acc", ReadFile($"samples_arc_{Time}.jsonl").Runs[0].Metrics[0].Id);
        var renamed = ReadText("mine.jsonl", ForeignFiles.Samples(["1"], filter: "strict-match"));
        Assert.Equal(("acc@strict-match", MetricDirection.HigherIsBetter), (renamed.Runs[0].Metrics[0].Id, renamed.Runs[0].Metrics[0].Direction));
        Assert.Contains("nothing says whether it was of a part", renamed.Notes[0], StringComparison.Ordinal);
    }

    [Fact]
    public void TryRead_LmEvalSamples_OfPartsOfACorpusValue_AreNotScores()
    {
        var read = ReadText("a.jsonl", ForeignFiles.Samples(["[\"a\", \"b\"]", "[\"c\", \"d\"]"], "bleu"));
        Assert.Empty(read.Runs[0].Metrics);
        Assert.StartsWith("bleu: the file holds no score of single cases", read.Notes[0], StringComparison.Ordinal);
    }

    [Fact]
    public void TryRead_Inspect_CountsLettersAsInspectDoes()
    {
        var read = Read("inspect/log_formats.json");
        var run = Assert.Single(read.Runs);
        Assert.Equal(("inspect", "0.3.41.dev123+g9ad2119a.d20241015", "ollama/llama3.1"), (read.Tool, read.Version, run.Name));
        Assert.Equal((DataCompleteness.Limited, "1 of the data set's 100 samples were asked."), (run.Completeness, run.IncompleteBecause));
        Assert.Equal((66, 2), (run.InputTokens, run.OutputTokens));
        var only = Assert.Single(run.Cases);
        Assert.Equal((0, "No", " Yes"), (only.Scores["match"], only.Answer, only.Expected));
        Assert.Equal(("match", "inspect popularity version 0 match"), (run.Metrics[0].Id, run.Metrics[0].Signature));

        var letters = ReadText("log.json", Inspect("""{"value":"C"}""", """{"value":"P"}""", """{"value":"N"}""", """{"value":true}""", """{"value":0.25}""", """{"value":{"a":1,"b":"I"}}"""));
        Assert.Equal([1, 0.5, 0, 1, 0.25], letters.Runs[0].Cases.Take(5).Select(each => each.Scores["s"]));
        Assert.Equal((1, 0), (letters.Runs[0].Cases[5].Scores["s/a"], letters.Runs[0].Cases[5].Scores["s/b"]));
        var failed = ReadText("log.json", Inspect("""{"value":"C"}""").Replace("\"success\"", "\"error\"", StringComparison.Ordinal)).Runs[0];
        Assert.Equal((DataCompleteness.Partial, "The log's status is error."), (failed.Completeness, failed.IncompleteBecause));
    }

    [Fact]
    public void TryRead_Deepeval_HasEachMetricAndItsJudge()
    {
        var run = Assert.Single(Read("deepeval/test_run_sample.json").Runs);
        var only = Assert.Single(run.Cases);
        Assert.Equal((0.92, 0.45, 0), (only.Scores["Answer Relevancy"], only.Scores["Faithfulness"], only.Scores["pass"]));
        Assert.Equal(["pass", "Answer Relevancy", "Faithfulness"], run.Metrics.Select(metric => metric.Id));
        Assert.Equal("deepeval Faithfulness by gpt-5.4", run.Metrics[2].Signature);

        // What passes below its threshold gets better downwards; what could not be judged is missing.
        var less = ReadText("run.json", """
            {"testCases":[
              {"input":"a","success":true,"metricsData":[{"name":"Bias","threshold":0.5,"success":true,"score":0.1}]},
              {"input":"b","success":false,"metricsData":[{"name":"Bias","threshold":0.5,"success":false,"score":null,"error":"timeout"}]}]}
            """).Runs[0];
        Assert.Equal(MetricDirection.LowerIsBetter, less.Metrics[1].Direction);
        Assert.Equal((null, null, true), (less.Cases[1].Scores["Bias"], less.Cases[1].Scores["pass"], less.Cases[1].IsError));
    }

    [Fact]
    public void TryRead_JUnit_FailuresAreZeroAndErrorsMissing()
    {
        var run = Assert.Single(Read("promptfoo/results.junit.xml").Runs);
        Assert.Equal((12, 10), (run.Cases.Count, run.Cases.Sum(each => each.Scores["pass"])));
        Assert.Equal(2, run.Cases.Count(each => each.Scores["pass"] == 0));
        var own = ReadText("own.xml", "<testsuite><testcase classname='c' name='a'/><testcase name='b'><failure/></testcase><testcase name='c'><error/></testcase><testcase name='d'><skipped/></testcase></testsuite>").Runs[0];
        Assert.Equal([1, 0, null, null], own.Cases.Select(each => each.Scores["pass"]));
        Assert.Equal([false, false, true, false], own.Cases.Select(each => each.IsError));
        Assert.Equal(["c a", "b", "c", "d"], own.Cases.Select(each => each.Name));
    }

    [Fact]
    public void TryRead_MarkInFrontAndTextsThatLookLikeNumbers_AreReadAsTheyAre()
    {
        var text = "\uFEFF" + ForeignFiles.Promptfoo("a", [1, 0.5]).Replace("\"a says 0.5\"", "\"NaN, \\\"Infinity\\\" \\\\\"", StringComparison.Ordinal).Replace("\"cost\":0.5", "\"cost\":-Infinity", StringComparison.Ordinal);
        var run = ReadText("a.json", text).Runs[0];
        Assert.Equal("NaN, \"Infinity\" \\", run.Cases[1].Answer);
        Assert.All(run.Cases, each => Assert.Null(each.Scores["cost"]));
    }

    [Fact]
    public void TryRead_AnAnswerCutWithinACharacter_EndsWithTheSignForOne()
    {
        var run = ReadText("a.json", ForeignFiles.Promptfoo("a", [1]).Replace("a says 1", "\\ud83d\\ude00\\\\ud83d\\ude00 \\uD83D", StringComparison.Ordinal)).Runs[0];
        Assert.Equal("\ud83d\ude00\\ud83d\ufffd \ufffd", run.Cases[0].Answer);
    }

    [Fact]
    public void TryRead_SamplesThatLostDocuments_AreNotWhole()
    {
        const string Time = "2026-01-02T03-04-05.6";
        Write($"results_{Time}.json", ForeignFiles.Results("arc", "m", original: 3, effective: 3));
        Write($"samples_arc_{Time}.jsonl", ForeignFiles.Samples(["1", "0"]));
        foreach (var name in new[] { $"results_{Time}.json", $"samples_arc_{Time}.jsonl" })
        {
            var run = ReadFile(name).Runs[0];
            Assert.Equal((DataCompleteness.Partial, "arc was asked 3 documents, and its samples file holds 2."), (run.Completeness, run.IncompleteBecause));
        }
    }

    /// <summary>Files of every tool with a value replaced by another kind: read or refused with words, and never compared with an exception.</summary>
    [Theory]
    [InlineData("promptfoo/results.v3.json")]
    [InlineData("promptfoo/results-repeat-scenario-errors.v3.json")]
    [InlineData("lm-eval/v0.4-groups-results.json")]
    [InlineData("lm-eval/v0.4.4-gpt2-results.json")]
    [InlineData("inspect/log_formats.json")]
    [InlineData("deepeval/test_run_sample.json")]
    public void TryRead_AValueOfAnotherKind_IsReadOrRefused(string file)
    {
        string[] others = ["null", "true", "-1e308", "1e999", "\"x\"", "\"\"", "[]", "{}", "[null]", "[[{\"name\":1}]]", "{\"value\":[]}"];
        var text = File.ReadAllText(ForeignFiles.Of(file));
        var random = new Random(7);
        for (var round = 0; round < 150; round++)
        {
            var root = JsonNode.Parse(text)!;
            var at = root;
            for (var depth = random.Next(1, 7); depth > 0 && Children(at) is { Count: > 0 } children; depth--)
            {
                at = children[random.Next(children.Count)];
            }

            at.ReplaceWith(JsonNode.Parse(others[random.Next(others.Length)]));
            Write("changed.json", root.ToJsonString());
            var read = ResultImporter.TryRead(Path.Combine(_folder.FullName, "changed.json"), out var wrong);
            Assert.Equal(read is null, wrong.Length > 0);
            if (read is not null)
            {
                var request = new PairingRequest { TakesAverages = true, TakesParts = true, Gate = new() { Rounds = 100 } };
                var result = RunComparison.Of(new RunPair(read, read.Runs[0], read, read.Runs[^1]), request, out var problems);
                Assert.Equal(result is null, problems.Count > 0);
                _ = result?.ToJson();
            }
        }
    }

    private static List<JsonNode> Children(JsonNode at) =>
        [.. (at switch { JsonObject map => map.Select(static each => each.Value), JsonArray list => list, _ => [] }).OfType<JsonNode>()];

    private static string Inspect(params string[] scores) =>
        $$"""{"version":2,"status":"success","eval":{"task":"t","model":"m"},"samples":[{{string.Join(',', scores.Select((score, i) => $$$"""{"id":{{{i}}},"epoch":1,"input":"q","target":"a","scores":{"s":{{{score}}}}}"""))}}]}""";

    private static ImportedEvaluation Read(string file) => Of(ForeignFiles.Of(file));

    private ImportedEvaluation ReadFile(string name) => Of(Path.Combine(_folder.FullName, name));

    private ImportedEvaluation ReadText(string name, string text)
    {
        Write(name, text);
        return ReadFile(name);
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder.FullName, name), text);

    private static ImportedEvaluation Of(string path)
    {
        var read = ResultImporter.TryRead(path, out var wrong);
        Assert.Equal("", wrong);
        return read!;
    }
}
