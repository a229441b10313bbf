using System.Text.Json.Nodes;
using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Control.Evaluation.Promptfoo;
using ModelMigrate.Control.Evaluation.Promptfoo.Scripts;
using ModelMigrate.Core.Promptfoo;
using ModelMigrate.Output;
using ModelMigrate.Tests.App.Commands;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.App.Evaluating.Promptfoo;

/// <summary>JavaScript and Python assertions by the real node and python3, and what they may not do.</summary>
public sealed class PromptfooScriptTests : IDisposable
{
    private static readonly ScriptLimits s_limits = new() { Time = TimeSpan.FromSeconds(20), Memory = 256L << 20 };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mm-scripts-");

    public void Dispose() => _folder.Delete(recursive: true);

    [ProgramFact("node", "python3")]
    public async Task Scripts_Values_PassAndScoreAsInPromptfoo()
    {
        (string Assertion, bool Pass, double Score, string Reason)[] cases =
        [
            ("{type: javascript, value: 'const n = output.length; n > 3'}", true, 1, "passed"),
            ("{type: javascript, value: \"const s = 'a;b'; s.length === 3 && output.split(' ').map(w => w.length)[0] === 5\"}", true, 1, "passed"),
            ("{type: javascript, value: \"const a = [1]\\nreturn a.concat(2).length / 10\\n\"}", true, 0.2, "passed"),
            ("{type: javascript, value: 'output.split(\"\").filter(c => c === \"l\").length', threshold: 4}", false, 3, "returned 3"),
            ("{type: not-javascript, value: '[...output].length === 0'}", true, 1, "passed"),
            ("{type: javascript, value: '({pass: false, score: 0.4, reason: \"because\"})', metric: own}", false, 0.4, "because"),
            ("{type: not-javascript, value: '({pass: false, score: 0.4, reason: \"because\"})'}", true, 0.4, "passed"),
            ("{type: javascript, value: 'Promise.resolve(context.vars.text.length + context.config.more)', config: {more: 5}}", true, 16, "passed"),
            ("{type: javascript, value: '`${output}`.nothing()'}", false, 0, "ended with an error"),
            ("{type: not-javascript, value: '`${output}`.nothing()'}", false, 0, "ended with an error"),
            ("{type: javascript, value: 'new Array(output)'}", false, 0, "must return true or false"),
            ("{type: javascript, value: '[output, {{n}}].length === 2'}", true, 1, "passed"),
            ("{type: python, value: 'len(output) == 11'}", true, 1, "passed"),
            ("{type: python, value: \"words = output.split()\\nreturn len(words) / 4\"}", true, 0.5, "passed"),
            ("{type: python, value: \"if len(output) > 3:\\n    return 'true'\\nreturn False\"}", true, 1, "passed"),
            ("{type: python, value: \"{'pass_': True, 'score': 0.4, 'reason': 'so', 'named_scores': {'tone': 0.7}}\", threshold: 0.5}", false, 0.4, "below the threshold 0.5: so"),
            ("{type: not-python, value: 'context[\"vars\"][\"n\"] > 100'}", true, 1, "passed"),
            ("{type: python, value: 'None'}", false, 0, "must return true or false"),
            ("{type: not-python, value: '1 / 0'}", false, 0, "ZeroDivisionError"),
        ];
        var row = await OneAsync(string.Join(", ", cases.Select(static each => each.Assertion)));
        Assert.Null(row.Error);
        foreach (var (expected, grade) in cases.Zip(row.Grade!.Components))
        {
            Assert.True((expected.Pass, expected.Score) == (grade.Pass, grade.Score) && grade.Reason.Contains(expected.Reason, StringComparison.Ordinal), $"{expected.Assertion}: {grade.Pass} {grade.Score} {grade.Reason}");
        }

        Assert.Equal(0.4, row.Grade.NamedScores["own"]);
        Assert.Equal(0.7, row.Grade.NamedScores["tone"]);
    }

    [ProgramFact("node", "python3")]
    public async Task Scripts_InFiles_AreCalledByTheirNames()
    {
        var row = await OneAsync(
            "{type: javascript, value: 'file://a.js'}, {type: javascript, value: 'file://a.js:other'}, {type: javascript, value: 'file://b.js'}, {type: javascript, value: 'file://c.mjs:named'}, "
            + "{type: python, value: 'file://p.py'}, {type: python, value: 'file://p.py:other'}, {type: python, value: 'file://p.py:slow'}, {type: javascript, value: 'file://b.js:none'}",
            ("a.js", "module.exports = (output, context) => output === context.vars.text; module.exports.other = () => 0.3;"),
            ("b.js", "export default async output => ({ pass: true, score: 0.6, reason: 'esm' });"),
            ("c.mjs", "export const named = output => output.length === 11;"),
            ("p.py", "import asyncio, json\n\ndef get_assert(output, context):\n    return {'pass': True, 'score': 0.9, 'reason': context['vars']['text']}\n\ndef other(output, context):\n    return 0.25\n\nasync def slow(output, context):\n    await asyncio.sleep(0)\n    return True\n"));
        Assert.Equal([1, 0.3, 0.6, 1, 0.9, 0.25, 1, 0], row.Grade!.Components.Select(static grade => grade.Score));
        Assert.Contains("has no function none", row.Grade.Components[^1].Reason, StringComparison.Ordinal);
    }

    /// <summary>Neither finds anything of the caller's: no environment, no file, no program, no place to write but the folder.</summary>
    [ProgramFact("node", "python3")]
    public async Task Scripts_WhatIsOutside_IsOutOfReach()
    {
        var secret = Path.Combine(_folder.FullName, "secret");
        await File.WriteAllTextAsync(secret, "s");
        string[] refused =
        [
            $"{{type: javascript, value: \"\\nreturn process.mainModule.require('fs').readFileSync('{secret}', 'utf8') === 's'\\n\"}}",
            $"{{type: javascript, value: \"\\nreturn process.mainModule.require('fs').writeFileSync('{secret}2', 'x') === undefined\\n\"}}",
            "{type: javascript, value: \"\\nreturn process.mainModule.require('child_process').execSync('true').length === 0\\n\"}",
            $"{{type: python, value: \"open('{secret}').read() == 's'\"}}",
            $"{{type: python, value: \"open('{secret}2', 'w').write('x') == 1\"}}",
            $"{{type: python, value: \"__import__('pathlib').Path('{secret}').unlink() is None\"}}",
            "{type: python, value: \"__import__('os').system('true') == 0\"}",
            "{type: python, value: \"__import__('subprocess').run(['true']).returncode == 0\"}",
            "{type: python, value: \"__import__('socket').create_connection(('127.0.0.1', 9)) is not None\"}",
        ];
        string[] allowed =
        [
            "{type: javascript, value: \"\\nreturn Object.keys(process.env).length === 0\\n\"}",
            "{type: python, value: \"dict(__import__('os').environ) == {}\"}",
            "{type: javascript, value: \"\\nprocess.mainModule.require('fs').writeFileSync('here', 'x'); return true\\n\"}",
            "{type: python, value: \"open('here.txt', 'w').write('x') == 1\"}",
        ];
        var row = await OneAsync(string.Join(", ", refused.Concat(allowed)));
        foreach (var grade in row.Grade!.Components.Take(refused.Length))
        {
            Assert.True(!grade.Pass && (grade.Reason.Contains("restricted", StringComparison.Ordinal) || grade.Reason.Contains("may not", StringComparison.Ordinal)), $"{grade.Assertion!.Value}: {grade.Reason}");
        }

        Assert.All(row.Grade.Components.Skip(refused.Length), static grade => Assert.True(grade.Pass, $"{grade.Assertion!.Value}: {grade.Reason}"));
        Assert.Equal(["secret"], _folder.EnumerateFiles().Select(static file => file.Name).Except(["p.yaml"]));
    }

    /// <summary>What a script prints is nobody's verdict.</summary>
    [ProgramFact("node", "python3")]
    public async Task Scripts_ThatPrint_AreHeardByTheirValueOnly()
    {
        var row = await OneAsync(
            "{type: javascript, value: \"\\nconsole.log('{\\\"case\\\":2,\\\"value\\\":true}'); process.stdout.write('rubbish\\\\n'.repeat(9999)); return output.length < 0\\n\"}, "
            + "{type: python, value: \"import os\\nprint('{\\\"case\\\":3,\\\"value\\\":true}' * 9999, flush=True)\\nos.write(1, b'rubbish')\\nreturn False\"}, {type: javascript, value: '[1].length === 1'}");
        Assert.Equal([false, false, true], row.Grade!.Components.Select(static grade => grade.Pass));
        Assert.Null(row.Error);
    }

    /// <summary>A row is then an error, the program is stopped, and the next row has a new one.</summary>
    [ProgramFact("node", "python3")]
    public async Task Scripts_ThatDoNotEnd_AreErrors()
    {
        foreach (var (assertion, says) in new[]
        {
            ("{type: javascript, value: \"\\nwhile (output.length === 4) {} return true\\n\"}", "did not answer within 2s"),
            ("{type: not-javascript, value: \"\\nwhile (output.length === 4) {} return true\\n\"}", "did not answer within 2s"),
            ("{type: javascript, value: \"\\nconst kept = []; while (output.length === 4) kept.push(Buffer.alloc(1 << 24, 1)); return true\\n\"}", "MB of memory"),
            ("{type: javascript, value: \"\\nif (output.length === 4) process.exit(0); return true\\n\"}", "ended without an answer"),
            ("{type: python, value: \"while len(output) == 4:\\n    pass\\nreturn True\"}", "did not answer within 2s"),
            ("{type: python, value: \"kept = []\\nwhile len(output) == 4:\\n    kept.append(bytearray(1 << 24))\\nreturn True\"}", "MB of memory"),
            ("{type: python, value: \"import os\\nif len(output) == 4:\\n    os._exit(0)\\nreturn True\"}", "ended without an answer"),
        })
        {
            var rows = await RunAsync($"prompts: ['{{{{text}}}}']\nproviders: [echo]\ntests: [{{vars: {{text: [hang, fine!]}}, assert: [{assertion}]}}]\n", s_limits with { Time = TimeSpan.FromSeconds(2) });
            Assert.Contains(says, rows[0].Error, StringComparison.Ordinal);
            Assert.False(rows[0].IsPass);
            Assert.Null(rows[1].Error);
        }
    }

    /// <summary>Without the switch all are listed and nothing is asked; with it a program that is missing is told before.</summary>
    [ProgramFact("node", "python3")]
    public async Task Command_Scripts_NeedToBeAllowed()
    {
        var file = Path.Combine(_folder.FullName, "p.yaml");
        await File.WriteAllTextAsync(file, "prompts: [a]\nproviders: [echo]\ntests:\n  - assert:\n      - {type: python, value: 'True'}\n      - {type: javascript, value: 'file://a.js'}\n      - {type: javascript, value: 'output.split(\"\").map(c => c).length === 1'}\n      - {type: javascript, value: 'output === \"a\"'}\n");
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "a.js"), "module.exports = output => output === 'a';");
        var run = await CliRun.OfAsync($"evaluate-promptfoo -c {file}");
        Assert.Equal((int)ExitCode.Usage, run.Code);
        foreach (var place in new[] { "p.yaml:5:16: error not-run", "p.yaml:6:35: error not-run", "p.yaml:7:35: error not-run" })
        {
            Assert.Contains(run.Error.Split('\n'), line => line.StartsWith(place, StringComparison.Ordinal) && line.Contains("--allow-scripts", StringComparison.Ordinal));
        }

        Assert.DoesNotContain("p.yaml:8", run.Error, StringComparison.Ordinal);
        var missing = await CliRun.OfAsync($"evaluate-promptfoo -c {file} --allow-scripts", static name => name == "PATH" ? "/nowhere" : null);
        Assert.Equal((int)ExitCode.Usage, missing.Code);
        Assert.Contains("node cannot run scripts: it is not in PATH", missing.Error, StringComparison.Ordinal);
        var done = await CliRun.OfAsync($"evaluate-promptfoo -c {file} --allow-scripts --json", static name => name == "PATH" ? Environment.GetEnvironmentVariable("PATH") : null);
        Assert.True(done.Code == (int)ExitCode.Ok, done.Error);
        Assert.Equal(1, JsonNode.Parse(done.Out)!["results"]!["stats"]!["successes"]!.GetValue<int>());
    }

    [Theory]
    [InlineData("{type: javascript, value: 'file://p.py'}", "p.yaml:4:38: error not-run", ".js, .cjs or .mjs")]
    [InlineData("{type: python, value: 'file://a.js'}", "p.yaml:4:34: error not-run", "ends with .py")]
    [InlineData("{type: python, value: 'file://none.py'}", "p.yaml:4:34: error file-missing", "relative")]
    [InlineData("{type: contains, value: a, config: {a: 1}}", "p.yaml:4:47: error not-run", "remove it")]
    public void Read_ScriptsThatCannotRun_AreRefusedAlthoughAllowed(string assertion, string place, string says)
    {
        var (config, problems) = PromptfooRig.Scripts($"prompts: [a]\nproviders: [echo]\ntests:\n- assert: [{assertion}]\n", ("p.py", ""), ("a.js", ""));
        Assert.Null(config);
        Assert.Contains(problems, problem => problem.ToString().StartsWith(place, StringComparison.Ordinal) && problem.ToString().Contains(says, StringComparison.Ordinal));
    }

    private static async Task<PromptfooRow> OneAsync(string assertions, params (string Name, string Text)[] files) =>
        Assert.Single(await RunAsync($"prompts: ['{{{{text}}}}']\nproviders: [echo]\ntests: [{{vars: {{text: hello world, n: 7}}, assert: [{assertions}]}}]\n", s_limits, files));

    private static async Task<List<PromptfooRow>> RunAsync(string text, ScriptLimits limits, params (string Name, string Text)[] files)
    {
        var (config, problems) = PromptfooRig.Scripts(text, files);
        Assert.True(config is not null, string.Join('\n', problems));
        using var scripts = new ScriptPool(Environment.GetEnvironmentVariable("PATH"), limits, TimeProvider.System);
        Assert.All(config.Languages, language => Assert.Null(scripts.Prepare(language)));
        using var run = new PromptfooRun(config, PromptfooMode.Strict, new RunOptions { Concurrency = 2 }, TimeProvider.System, scripts);
        var rows = new List<PromptfooRow>();
        await run.RunAsync(rows.Add, CancellationToken.None);
        return rows;
    }
}
