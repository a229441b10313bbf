using System.Text.Json.Nodes;
using System.Xml.Linq;
using ModelMigrate.Core.Suites.Smoke;
using ModelMigrate.Output;
using ModelMigrate.Simulation;
using ModelMigrate.Tests.App.Commands;
using ModelMigrate.Tests.Architecture;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.App.Suites;

/// <summary><c>run-suite</c> over HTTP against simulated models.</summary>
public sealed class RunSuiteCommandTests : IAsyncLifetime
{
    private const string Capital = """
        suites:
          facts:
            level: unit
            tags: [core]
            cases:
              France:
                prompt: What is the capital of France? Answer with the name only.
                assert: [{ type: icontains, value: paris }]
              Japan:
                tags: [far]
                prompt: What is the capital of Japan? Answer with the name only.
                assert: [{ type: equals, value: Kyoto }, { type: word-count, value: 2 }]
          slow:
            level: load
            cases:
              one:
                prompt: Hello
                assert: [{ type: regex, value: . }]
        """;

    private SuiteRig _rig = null!;

    public async Task InitializeAsync() => _rig = await SuiteRig.StartAsync();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    public async Task Smoke_ModelThatAnswersInForm_PassesEveryCheckAndSaysWhatItIsNot(string protocol)
    {
        await using var model = await SuiteRig.StartAsync(protocol: protocol == "openai" ? SimulationProtocol.OpenAi : SimulationProtocol.Anthropic);
        var run = await CliRun.OfAsync($"run-suite --smoke --model {protocol}:chat@{model.Model.BaseUrl.ToString().TrimEnd('/')}");

        Assert.True(run.Code == 0, run.Out + run.Error);
        Assert.All(SmokeSuite.Checks, check => Assert.Matches($@"  pass    {check.Id} ", run.Out));
        Assert.Contains(SmokeSuite.IsNot, run.Out, StringComparison.Ordinal);
        Assert.Contains($"{SmokeSuite.Checks.Count} passed, 0 failed, 0 errors of {SmokeSuite.Checks.Count} cases", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Smoke_ModelThatKnowsNothingAndAnswersForAnyName_FailsWithReasonsInWords()
    {
        await using var other = await SuiteRig.StartAsync(only: null, accuracy: 0);
        var run = await CliRun.OfAsync($"run-suite --smoke --model {other.Arm} --json");

        Assert.Equal((int)ExitCode.Negative, run.Code);
        var failed = JsonNode.Parse(run.Out)!["cases"]!.AsArray().Where(static each => Text(each!["outcome"]) == "fail").ToDictionary(static each => Text(each!["name"]), static each => Text(each!["reason"]), StringComparer.Ordinal);
        Assert.Equal(["conversation", "instruction", "json", "no-such-model", "system"], failed.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("A model that does not exist answered. A misspelt name must be an error, not another model's answer.", failed["no-such-model"]);
        Assert.StartsWith("The JSON", failed["json"].Replace("The answer is not JSON", "The JSON", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Smoke_NobodyThere_IsAnErrorAndNoFailure()
    {
        var run = await CliRun.OfAsync("run-suite --smoke --model openai:m@http://127.0.0.1:1/v1 --tag core --json");

        Assert.Equal((int)ExitCode.Infrastructure, run.Code);
        var report = JsonNode.Parse(run.Out)!;
        Assert.Equal(("error", 7, 0), (Text(report["outcome"]), report["errors"]!.GetValue<int>(), report["failed"]!.GetValue<int>()));
        Assert.StartsWith("connection: ", Text(report["cases"]![0]!["reason"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_CasesOfAFile_ReportsEachWithItsReasonInEveryForm()
    {
        var run = await _rig.RunAsync(Capital, $"--model {_rig.Arm} --junit out.xml --markdown out.md --github --json --tier merge");

        Assert.Equal((int)ExitCode.Negative, run.Code);
        var report = JsonNode.Parse(run.Out)!;
        Assert.Equal(("fail", 1, 1, 1), (Text(report["outcome"]), report["passed"]!.GetValue<int>(), report["failed"]!.GetValue<int>(), report["left_out"]!.GetValue<int>()));
        var japan = report["cases"]![1]!;
        Assert.Equal("Expected the answer to equal \"Kyoto\". Expected the answer to have 2 words, but has 1.".Split('.')[0], Text(japan["reason"]).Split('.')[0]);
        Assert.Equal("Tokyo", Text(japan["tries"]![0]!["answer"]));

        var junit = XDocument.Load(_rig.In("out.xml")).Root!;
        Assert.Equal(("2", "1", "0"), (junit.Attribute("tests")!.Value, junit.Attribute("failures")!.Value, junit.Attribute("errors")!.Value));
        var failure = junit.Descendants("failure").Single();
        Assert.Equal("Japan", failure.Parent!.Attribute("name")!.Value);
        Assert.Contains("The answer: Tokyo", failure.Value, StringComparison.Ordinal);
        Assert.Contains("| facts | Japan | FAIL |", await File.ReadAllTextAsync(_rig.In("out.md")), StringComparison.Ordinal);
        Assert.Matches(@"(?m)^::error file=.*suites\.yaml,line=9,title=facts/Japan%3A fail::Expected", run.Error);
    }

    [Theory]
    [InlineData("--tier pr", 2)]
    [InlineData("--tier nightly", 3)]
    [InlineData("--level load", 1)]
    [InlineData("--level load,unit --tag core", 2)]
    [InlineData("--tag far,none", 1)]
    public async Task Filter_LevelTagAndTier_TakesTheirCases(string options, int cases)
    {
        var run = await _rig.RunAsync(Capital, $"--model {_rig.Arm} --json {options}");

        Assert.Equal(cases, JsonNode.Parse(run.Out)!["cases"]!.AsArray().Count);
        Assert.Equal(cases, _rig.Model.Stats.Answered);
    }

    [Theory]
    [InlineData("--tag none", "Nothing ran: none of the 3 cases is of the level, tier and tags that were asked for.")]
    [InlineData("--level chaos --tier pr", "Nothing ran: none of the 3 cases")]
    [InlineData("--level unitt", "--level: 'unitt' is none; write smoke, unit, integration, evaluation, safety, load, chaos.")]
    [InlineData("--tier PR", "--tier: 'PR' is none; write pr, merge, nightly.")]
    [InlineData("--concurrency 0", "--concurrency is a number from 1 to 64.")]
    public async Task Options_ThatRunNothing_ExitTwoAndNobodyIsAsked(string options, string said)
    {
        var run = await _rig.RunAsync(Capital, $"--model {_rig.Arm} {options}");

        Assert.Equal((int)ExitCode.Usage, run.Code);
        Assert.Contains(said, run.Error, StringComparison.Ordinal);
        Assert.Equal(0, _rig.Model.Stats.Started);
    }

    [Theory]
    [InlineData("", "No model is named. Write --model, or 'model:' in the file,")]
    [InlineData("--model gpt", "Models by name need the configuration that declares them")]
    [InlineData("--model openai:x", "Models by name need")]
    [InlineData("--model ftp:x@y", "model: 'ftp:x@…' is no model at an address;")]
    public async Task Model_WrongOrMissing_ExitsTwo(string options, string said)
    {
        var run = await _rig.RunAsync(Capital, options);

        Assert.Equal((int)ExitCode.Usage, run.Code);
        Assert.Contains(said, run.Error, StringComparison.Ordinal);
    }

    /// <summary>Passing sometimes is never plain green: it is marked, in every form, and an option makes it red.</summary>
    [Theory]
    [InlineData(1, "", 0, "pass")]
    [InlineData(1, "--fail-on-flaky", 1, "pass")]
    [InlineData(0, "", 1, "fail")]
    public async Task Repeat_CaseThatPassesSometimes_IsMarkedAsFlaky(int allowed, string options, int code, string outcome)
    {
        await using var upstream = await StubUpstream.StartAsync();
        var asked = 0;
        upstream.Answers = (context, received) => StubUpstream.Json(
            $$"""{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"{{(Interlocked.Increment(ref asked) == 2 ? "no" : "yes")}}"},"finish_reason":"stop"}]}""")(context, received);
        var run = await _rig.RunAsync($$"""
            model: openai:m@{{upstream.Url}}v1
            suites:
              s:
                level: unit
                repeat: 3
                allowedFailures: {{allowed}}
                cases:
                  yes: { prompt: Say yes., assert: [{ type: equals, value: "yes" }] }
            """, $"--json --junit out.xml --markdown out.md {options}");

        Assert.True(code == run.Code, run.Out + run.Error);
        var each = JsonNode.Parse(run.Out)!["cases"]![0]!;
        Assert.Equal((outcome, true, 2), (Text(each["outcome"]), each["flaky"]!.GetValue<bool>(), each["passed"]!.GetValue<int>()));
        Assert.Contains(outcome == "pass" ? "  FLAKY   yes" : "  FAIL    yes", run.Error, StringComparison.Ordinal);
        Assert.Contains("Passes sometimes: 2 of 3 tries passed. Expected the answer to equal \"yes\".", run.Error, StringComparison.Ordinal);
        Assert.Contains("1 flaky", run.Error, StringComparison.Ordinal);
        var junit = XDocument.Load(_rig.In("out.xml"));
        Assert.Single(junit.Descendants(outcome == "pass" ? "flakyFailure" : "failure"));
        Assert.Contains("Passes sometimes", await File.ReadAllTextAsync(_rig.In("out.md")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Timeout_AnswerThatIsLate_FailsTheCaseWithItsLimit()
    {
        _rig.Model.Faults = SuiteRig.Quick with { HangRate = 1 };
        var run = await _rig.RunAsync($$"""
            model: {{_rig.Arm}}
            suites:
              s: { level: unit, timeout: 50ms, cases: { late: { prompt: Hello, assert: [{ type: regex, value: . }] } } }
            """);

        Assert.Equal((int)ExitCode.Negative, run.Code);
        Assert.Contains("Not done within 50ms, the time limit.", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Seed_OfASuite_IsSentPlusTheRepeat()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json("""{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"yes"},"finish_reason":"stop"}]}"""));
        var run = await _rig.RunAsync($"model: openai:m@{upstream.Url}v1\nsuites:\n  s: {{ level: unit, seed: 5, repeat: 2, cases: {{ a: {{ prompt: \"It costs ${{5}}\", temperature: 0, maxTokens: 9, assert: [{{ type: equals, value: \"yes\" }}] }} }} }}\n");

        Assert.True(run.Code == 0, run.Out + run.Error);
        var sent = upstream.Requests.Select(static request => JsonNode.Parse(request.Text)!).ToList();
        Assert.Equal([5, 6], sent.Select(static body => body["seed"]!.GetValue<int>()));
        Assert.Equal("It costs ${5}", Text(sent[0]["messages"]![0]!["content"]));
    }

    /// <summary>A command's exit code is the verdict: none of them is taken for another.</summary>
    [Theory]
    [InlineData("check-safety --input {folder}/clean.jsonl --limit 0.5", 0, "pass")]
    [InlineData("check-safety --input {folder}/harm.jsonl --limit 0.01", 1, "fail")]
    [InlineData("check-safety --input {folder}/clean.jsonl --limit 0.001", 4, "inconclusive")]
    [InlineData("check-safety --input {folder}/none.jsonl", 2, "refused")]
    [InlineData("compare --source openai:a@http://127.0.0.1:1/v1 --target openai:b@http://127.0.0.1:1/v1 --dataset {folder}/rows.jsonl --metrics exact --out {folder}/out", 3, "error")]
    public async Task Run_Command_ItsExitCodeIsTheVerdict(string command, int code, string outcome)
    {
        await File.WriteAllTextAsync(_rig.In("clean.jsonl"), string.Concat(Enumerable.Repeat("{\"harmful\":false}\n", 60)));
        await File.WriteAllTextAsync(_rig.In("harm.jsonl"), string.Concat(Enumerable.Repeat("{\"harmful\":true}\n", 60)));
        await File.WriteAllTextAsync(_rig.In("rows.jsonl"), string.Concat(Enumerable.Range(0, 25).Select(static i => $"{{\"prompt\":\"p{i}\",\"reference\":\"r\"}}\n")));
        var run = await _rig.RunAsync($"suites:\n  s: {{ level: safety, run: {{ harm: \"{command}\" }} }}\n", "--json");

        Assert.True(code == run.Code, run.Out + run.Error);
        Assert.Equal(outcome, Text(JsonNode.Parse(run.Out)!["cases"]![0]!["outcome"]));
    }

    /// <summary>A command that is stopped at the limit ends with 0 by itself; it must not pass.</summary>
    [Fact]
    public async Task Run_CommandThatTakesTooLong_IsNoPass()
    {
        _rig.Model.Faults = SuiteRig.Quick with { HangRate = 1 };
        await File.WriteAllTextAsync(_rig.In("rows.jsonl"), "{\"prompt\":\"p\",\"reference\":\"r\"}\n");
        var run = await _rig.RunAsync($$"""
            model: {{_rig.Arm}}
            suites:
              s: { level: evaluation, timeout: 200ms, run: { late: "compare --source {model} --target {model} --dataset {folder}/rows.jsonl --metrics exact --out {folder}/out" } }
            """);

        Assert.Equal((int)ExitCode.Negative, run.Code);
        Assert.Contains("Not done within 200ms", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Model_ByName_IsFoundInTheConfigurationThatTheFileNames()
    {
        await File.WriteAllTextAsync(_rig.In("catalog.yaml"), $$"""
            providers: { here: { kind: openai, baseUrl: "{{_rig.Model.BaseUrl.ToString().TrimEnd('/')}}" } }
            models: { chat: here }
            routes: { all: chat }
            """);
        var run = await _rig.RunAsync("models: catalog.yaml\nmodel: chat\n" + Capital, "--tag core --level unit --fail-on-flaky");
        Assert.Contains("1 passed, 1 failed, 0 errors of 2 cases", run.Out, StringComparison.Ordinal);

        var wrong = await _rig.RunAsync("models: catalog.yaml\nmodel: chatt\n" + Capital);
        Assert.Equal((int)ExitCode.Usage, wrong.Code);
        Assert.Contains("model: 'chatt' is not in catalog.yaml. Did you mean 'chat'?", wrong.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_Missing_ExitsTwoAndNamesTheWayWithoutOne()
    {
        var run = await CliRun.OfAsync($"run-suite --config {_rig.In("none.yaml")}");

        Assert.Equal((int)ExitCode.Usage, run.Code);
        Assert.Contains("The built-in suite needs none: --smoke.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_ThatCannotBeWritten_ExitsThree()
    {
        var run = await _rig.RunAsync(Capital, $"--model {_rig.Arm} --level unit --junit none/out.xml");

        Assert.Equal((int)ExitCode.Infrastructure, run.Code);
        Assert.Contains("The report cannot be written: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GitHub_StepSummary_GetsTheReportWithoutMarkupOfTheModel()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json("""{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"a|b"},"finish_reason":"stop"}]}"""));
        var summary = _rig.In("summary.md");
        var run = await _rig.RunAsync(
            $"model: openai:m@{upstream.Url}v1\nsuites:\n  s: {{ level: unit, cases: {{ a: {{ prompt: Hello, assert: [{{ type: equals, value: \"x|y\" }}] }} }} }}\n", "--github", name => name == "GITHUB_STEP_SUMMARY" ? summary : null);

        Assert.Equal((int)ExitCode.Negative, run.Code);
        Assert.Contains("::error file=", run.Out, StringComparison.Ordinal);
        Assert.Contains("| s | a | FAIL | ", await File.ReadAllTextAsync(summary), StringComparison.Ordinal);
        Assert.Contains("x\\|y", await File.ReadAllTextAsync(summary), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sample_AgainstTheSimulatedModel_Passes()
    {
        var sample = (await File.ReadAllTextAsync(Path.Combine(Source.Root, "samples/suites/suites.yaml")))
            .Replace("openai:chat@http://127.0.0.1:9103/v1", _rig.Arm, StringComparison.Ordinal)
            .Replace("{folder}/../qa", Path.Combine(Source.Root, "samples/qa"), StringComparison.Ordinal)
            .Replace("--out model-migrate-suite", $"--out {_rig.In("out")}", StringComparison.Ordinal);
        var run = await _rig.RunAsync(sample, "--json");

        Assert.True(run.Code == 0, run.Out + run.Error);
        Assert.Equal(SmokeSuite.Checks.Count + 3, JsonNode.Parse(run.Out)!["passed"]!.GetValue<int>());
    }

    private static string Text(JsonNode? node) => node!.GetValue<string>();
}
