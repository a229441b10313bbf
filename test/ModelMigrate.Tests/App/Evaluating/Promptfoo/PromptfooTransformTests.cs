using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Control.Evaluation.Promptfoo;
using ModelMigrate.Control.Evaluation.Promptfoo.Scripts;
using ModelMigrate.Core.Promptfoo;
using ModelMigrate.Output;
using ModelMigrate.Tests.App.Commands;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.App.Evaluating.Promptfoo;

/// <summary>Answers that are changed before they are graded, given without a model, or graded by an address over HTTP.</summary>
public sealed class PromptfooTransformTests() : PromptfooHttpTests(HookAsync)
{
    /// <summary>As promptfoo 0.121.20 gave them for the same file, with its own node and python, and an address that answers the same.</summary>
    [ProgramFact("node", "python3")]
    public async Task Compat_EveryRowThatAProgramChangesOrSumsUp_IsAsPromptfooHasIt()
    {
        var expected = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Files, "outside.expected.json")))!.AsArray();
        var text = (await File.ReadAllTextAsync(Path.Combine(Files, "outside.yaml"))).Replace("{{env.HOOK_URL}}", Root, StringComparison.Ordinal);
        var files = await Task.WhenAll(new[] { "transform.js", "transform.py", "score.js", "score.py" }.Select(static async name => (name, await File.ReadAllTextAsync(Path.Combine(Files, name)))));
        var rows = await RunAsync(text, PromptfooMode.Compat, TimeSpan.FromSeconds(60), files);
        Assert.Equal(expected.Select(static row => row!.ToJsonString()), rows.Select(ExpectedRow.Of));
        Assert.Contains("no", rows[1].Error, StringComparison.Ordinal);
        Assert.Contains("returned no value", rows[2].Error, StringComparison.Ordinal);
        var sent = JsonNode.Parse((ReadOnlySpan<byte>)Stub.Requests.First().Body)!;
        const string Said = "hook: {\"pass\": true, \"score\": 0.7, \"reason\": \"so\"}";
        Assert.Equal((Said, Said, Root), (sent["output"]!.GetValue<string>(), sent["context"]!["prompt"]!.GetValue<string>(), sent["context"]!["vars"]!["url"]!.GetValue<string>()));
    }

    /// <summary>In both modes: an address that gave no verdict failed nobody, and passed nobody.</summary>
    [Theory]
    [InlineData("/moved", "another address is not followed, write http://127.0.0.1:1/other")]
    [InlineData("/broken", "it answered 500")]
    [InlineData("/words", "it answered no JSON")]
    [InlineData("/list", "it answered no group of keys")]
    [InlineData("/long", "it said more than 1 MB")]
    [InlineData("/slow", "no answer within 0.5 s")]
    public async Task Webhook_WithoutAVerdict_MakesTheRowAnError(string path, string says)
    {
        foreach (var mode in Enum.GetValues<PromptfooMode>())
        {
            foreach (var type in new[] { "webhook", "not-webhook" })
            {
                var row = Assert.Single(await RunAsync($"prompts: [a]\nproviders: [echo]\ntests: [{{assert: [{{type: {type}, value: '{Root}{path}'}}]}}]\n", mode, TimeSpan.FromSeconds(path == "/slow" ? 0.5 : 5)));
                Assert.Contains(says, row.Error, StringComparison.Ordinal);
                Assert.False(row.IsPass);
            }
        }
    }

    /// <summary>What it says, whether that passes in strict, and with which score; null for an error.</summary>
    [Theory]
    [InlineData("webhook", "{\"pass\": true}", null, true, 1)]
    [InlineData("not-webhook", "{\"pass\": true}", null, false, 0)]
    [InlineData("webhook", "{\"score\": 0.4}", null, true, 0.4)]
    [InlineData("webhook", "{\"score\": 0.4}", 0.5, false, 0.4)]
    [InlineData("webhook", "{\"score\": 0}", null, false, 0)]
    [InlineData("not-webhook", "{\"pass\": false, \"score\": 0.25}", null, true, 0.75)]
    [InlineData("webhook", "{\"pass\": \"true\"}", null, null, 0)]
    [InlineData("webhook", "{\"reason\": \"fine\"}", null, null, 0)]
    public async Task Webhook_InStrict_SaysPassOrScore(string type, string said, double? threshold, bool? pass, double score)
    {
        var row = Assert.Single(await RunAsync(
            $"prompts: ['hook: {said}']\nproviders: [echo]\ntests: [{{assert: [{{type: {type}, value: '{Root}/hook'{(threshold is { } least ? $", threshold: {least}" : "")}}}]}}]\n", PromptfooMode.Strict, TimeSpan.FromSeconds(5)));
        Assert.Equal((pass is null, pass == true, score), (row.Error is not null, row.IsPass, row.Grade!.Components[0].Score));
    }

    /// <summary>The model is not asked, and what is no text is written as what it is.</summary>
    [Fact]
    public async Task Command_AnAnswerThatIsGiven_AsksNobody()
    {
        var (file, output) = (Path.Combine(Folder.FullName, "p.yaml"), Path.Combine(Folder.FullName, "out.json"));
        await File.WriteAllTextAsync(file, $"prompts: [a]\nproviders: [{{id: openai:chat:m, config: {{apiBaseUrl: '{Url}'}}}}]\ntests: [{{providerOutput: {{list: [x, 1]}}, options: {{transform: output.list}}, assert: [{{type: equals, value: [x, 1]}}, {{type: cost, threshold: 0}}]}}]\n");
        var run = await CliRun.OfAsync($"evaluate-promptfoo -c {file} -o {output}");
        Assert.True(run.Code == (int)ExitCode.Ok, run.Error + run.Out);
        Assert.Equal("""["x",1]""", JsonNode.Parse(await File.ReadAllTextAsync(output))!["results"]!["results"]![0]!["response"]!["output"]!.ToJsonString());
        Assert.Empty(Stub.Requests);
    }

    /// <summary>One that does not end is an error too, also where it only sums up.</summary>
    [ProgramFact("node")]
    public async Task Scripts_ThatDoNotEnd_MakeTheRowAnError()
    {
        foreach (var (test, says) in new[]
        {
            ("options: {transform: \"while (output.length) {} return 1\\n\"}, assert: [{type: contains, value: a}]", "did not answer within 1s"),
            ("assertScoringFunction: file://s.js, assert: [{type: contains, value: a}]", "assertScoringFunction: The script did not answer within 1s"),
        })
        {
            var row = Assert.Single(await RunAsync($"prompts: [a]\nproviders: [echo]\ntests: [{{{test}}}]\n", PromptfooMode.Strict, TimeSpan.FromSeconds(1), ("s.js", "module.exports = () => { for (;;) {} };")));
            Assert.Contains(says, row.Error, StringComparison.Ordinal);
            Assert.False(row.IsPass);
        }
    }

    [Theory]
    [InlineData("{assert: [{type: equals, value: x, transform: 'output.match(/a/)[0]'}]}", "p.yaml:4:49: error not-run", "'.match(…)' is not known here")]
    [InlineData("{assert: [{type: equals, value: x, transform: 'file://t.py'}]}", "p.yaml:4:49: error not-run", "--allow-scripts")]
    [InlineData("{assert: [{type: equals, value: x, transform: 'return output'}]}", "p.yaml:4:49: error bad-value", "Leave 'return' out.")]
    [InlineData("{assert: [{type: equals, value: x, transform: \"output\\n\"}]}", "p.yaml:4:49: error bad-value", "Write 'return' before")]
    [InlineData("{assert: [{type: equals, value: x, transform: [a]}]}", "p.yaml:4:49: error wrong-type", "not empty")]
    [InlineData("{assert: [{type: webhook, value: 'http://127.0.0.1:1/'}]}", "p.yaml:4:20: error not-run", "--allow-scripts")]
    [InlineData("{options: {postprocess: 'output.concat(1)'}, assert: [{type: is-json}]}", "p.yaml:4:27: error not-run", "--allow-scripts")]
    [InlineData("{providerOutput: '', assert: [{type: is-json}]}", "p.yaml:4:20: error bad-value", "Write the answer")]
    [InlineData("{assertScoringFunction: scores.a, assert: [{type: is-json}]}", "p.yaml:4:27: error bad-value", "names no file")]
    [InlineData("{assertScoringFunction: 'file://s.js', assert: [{type: is-json}]}", "p.yaml:4:27: error not-run", "is a program")]
    [InlineData("{options: {transformVars: 'vars'}, assert: [{type: is-json}]}", "p.yaml:4:14: error not-run", "write the variables out")]
    public void Read_WhatWouldRunAProgram_IsRefusedWithItsPlace(string test, string place, string says)
    {
        var (config, problems) = PromptfooRig.Read($"prompts: [a]\nproviders: [echo]\ntests:\n- {test}\n");
        Assert.Null(config);
        Assert.Contains(problems, problem => problem.ToString().StartsWith(place, StringComparison.Ordinal) && problem.ToString().Contains(says, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{type: webhook, value: 'file.html'}", "p.yaml:4:35: error bad-url", "is no address")]
    [InlineData("{type: webhook}", "p.yaml:4:12: error bad-value", "not empty")]
    [InlineData("{type: equals, value: x, transform: 'file://t.rb'}", "p.yaml:4:48: error not-run", "is no JavaScript")]
    [InlineData("{type: equals, value: x, transform: 'file://none.py'}", "p.yaml:4:48: error file-missing", "relative")]
    [InlineData("{type: llm-rubric, value: x, provider: {id: 'openai:chat:m', transform: output}}", "p.yaml:4:73: error unknown-key", "Known keys")]
    public void Read_WhatCannotRun_IsRefusedAlthoughAllowed(string assertion, string place, string says)
    {
        var (config, problems) = PromptfooRig.Scripts($"prompts: [a]\nproviders: [echo]\ntests:\n- assert: [{assertion}]\n", ("t.rb", ""));
        Assert.Null(config);
        Assert.Contains(problems, problem => problem.ToString().StartsWith(place, StringComparison.Ordinal) && problem.ToString().Contains(says, StringComparison.Ordinal));
    }

    private static async Task<List<PromptfooRow>> RunAsync(string text, PromptfooMode mode, TimeSpan limit, params (string Name, string Text)[] files)
    {
        var (config, problems) = PromptfooRig.Scripts(text, files);
        Assert.True(config is not null, string.Join('\n', problems));
        using var scripts = new ScriptPool(Environment.GetEnvironmentVariable("PATH"), new ScriptLimits { Time = limit }, TimeProvider.System);
        Assert.All(config.Languages, language => Assert.Null(scripts.Prepare(language)));
        using var run = new PromptfooRun(config, mode, new RunOptions { Concurrency = 1, Timeout = limit }, TimeProvider.System, scripts);
        var rows = new List<PromptfooRow>();
        await run.RunAsync(rows.Add, CancellationToken.None);
        return rows;
    }

    private static async Task HookAsync(HttpContext context, StubUpstream.Received received)
    {
        switch (context.Request.Path.Value)
        {
            case "/moved":
                context.Response.Headers.Location = "http://127.0.0.1:1/other";
                await StubUpstream.Json("""{"pass":true}""", 307)(context, received);
                break;
            case "/broken":
                await StubUpstream.Json("""{"pass":true}""", 500)(context, received);
                break;
            case "/words":
                await StubUpstream.Json("true, I think")(context, received);
                break;
            case "/list":
                await StubUpstream.Json("[true]")(context, received);
                break;
            case "/long":
                await StubUpstream.Json($$"""{"pass":true,"reason":"{{new string('x', 1 << 20)}}"}""")(context, received);
                break;
            case "/slow":
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
                break;
            default:
                var output = JsonNode.Parse(Encoding.UTF8.GetString(received.Body))!["output"]!;
                await StubUpstream.Json(output.GetValue<string>().Split("hook: ")[1])(context, received);
                break;
        }
    }
}
