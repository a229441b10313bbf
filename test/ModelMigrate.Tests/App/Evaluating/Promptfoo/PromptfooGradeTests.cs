using System.Text.Json.Nodes;
using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Control.Evaluation.Promptfoo;
using ModelMigrate.Core.Promptfoo;
using ModelMigrate.Core.Promptfoo.Asserting;
using ModelMigrate.Tests.Architecture;

namespace ModelMigrate.Tests.App.Evaluating.Promptfoo;

/// <summary>What assertions find and how their scores are summed: against promptfoo's own run in compat, and where strict parts from it.</summary>
public sealed class PromptfooGradeTests
{
    private static readonly string s_folder = Path.Combine(Source.Root, "test/ModelMigrate.Tests/App/Evaluating/Promptfoo/Files");

    /// <summary>Pass, score, named scores and each assertion of every row, as promptfoo 0.121.20 gave them for the same file.</summary>
    [Theory]
    [InlineData("compat")]
    [InlineData("markup")]
    [InlineData("transforms")]
    public async Task Compat_EveryRow_IsAsPromptfooHasIt(string name)
    {
        var expected = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(s_folder, $"{name}.expected.json")))!.AsArray();
        var rows = await RunAsync(await File.ReadAllTextAsync(Path.Combine(s_folder, $"{name}.yaml")), PromptfooMode.Compat);

        Assert.Equal(expected.Count, rows.Count);
        Assert.Equal(expected.Select(static row => row!.ToJsonString()), rows.Select(ExpectedRow.Of));
    }

    /// <summary>Answer is "some words"; the assertion, whether it passes in strict and in compat, and its scores.</summary>
    [Theory]
    [InlineData("{type: bleu, value: some words}", true, true, 1.0, 1.0)]
    [InlineData("{type: contains, value: none, weight: 0}", false, true, 0.0, 0.0)]
    [InlineData("{type: assert-set, threshold: 0, assert: [{type: contains, value: none}]}", false, true, 0.0, 0.0)]
    [InlineData("{type: assert-set, threshold: 0.5, assert: [{type: contains, value: none}, {type: contains, value: some}]}", true, true, 0.5, 0.5)]
    [InlineData("{type: assert-set, threshold: 0.7, assert: [{type: contains, value: none}, {type: contains, value: some, weight: 3}]}", true, true, 0.75, 0.75)]
    [InlineData("{type: is-refusal}", false, false, 0.0, 0.0)]
    [InlineData("{type: finish-reason, value: stop}", false, false, 0.0, 0.0)]
    [InlineData("{type: not-finish-reason, value: stop}", true, true, 1.0, 1.0)]
    [InlineData("{type: meteor, value: some word}", true, true, null, null)]
    [InlineData("{type: gleu, value: Some words.}", false, true, null, 1.0)]
    [InlineData("{type: javascript, value: 'JSON.parse(output).a === 1'}", false, false, 0.0, 0.0)]
    [InlineData("{type: not-javascript, value: 'JSON.parse(output).a === 1'}", false, false, 0.0, 0.0)]
    public async Task Grade_OneAssertion_PassesByItsModesRules(string assertion, bool strict, bool compat, double? strictScore, double? compatScore)
    {
        foreach (var (mode, pass, score) in new[] { (PromptfooMode.Strict, strict, strictScore), (PromptfooMode.Compat, compat, compatScore) })
        {
            var row = Assert.Single(await RunAsync($"prompts: [some words]\nproviders: [echo]\ntests: [{{assert: [{assertion}]}}]", mode));
            Assert.Null(row.Error);
            Assert.True(pass == row.IsPass, $"{mode}: {row.Grade!.Reason}");
            Assert.True(score is null || Math.Abs(score.Value - row.Grade!.Components[0].Score) < 1e-9, $"{mode}: {row.Grade!.Components[0].Score}");
        }
    }

    /// <summary>In values, in lists of them, in patterns and in metrics' names, as in prompts.</summary>
    [Theory]
    [InlineData("{type: equals, value: '{{env.CITY}}'}", "")]
    [InlineData("{type: regex, value: '^{{env.CITY}}$'}", "")]
    [InlineData("{type: contains-all, value: ['{{ env.CITY }}', 'Ky']}", "")]
    [InlineData("{type: javascript, value: 'output === \"{{env.CITY}}\"'}", "")]
    [InlineData("{type: equals, value: Kyoto, metric: 'in {{env.CITY}}'}", "in Kyoto")]
    public async Task Grade_AVariableOfTheEnvironment_IsFilled(string assertion, string metric)
    {
        var row = Assert.Single(await RunAsync($"env: {{CITY: Kyoto}}\nprompts: [Kyoto]\nproviders: [echo]\ntests: [{{assert: [{assertion}]}}]", PromptfooMode.Strict));
        Assert.True(row.IsPass, row.Error ?? row.Grade?.Reason);
        Assert.Equal(metric.Length == 0 ? [] : [metric], row.Grade!.NamedScores.Keys);
    }

    [Theory]
    [InlineData(PromptfooMode.Strict, false)]
    [InlineData(PromptfooMode.Compat, true)]
    public async Task Grade_AThresholdOf0_PassesFailuresInCompatOnly(PromptfooMode mode, bool pass)
    {
        var row = Assert.Single(await RunAsync("prompts: [a]\nproviders: [echo]\ntests: [{threshold: 0, assert: [{type: contains, value: none}]}]", mode));
        Assert.Equal(pass, row.IsPass);
    }

    [Theory]
    [InlineData("{type: cost, threshold: 1}")]
    [InlineData("{type: latency, threshold: 1}")]
    public void Grade_WhatIsNotKnownOfAnAnswer_IsAnErrorInBothModes(string assertion)
    {
        foreach (var mode in Enum.GetValues<PromptfooMode>())
        {
            var (config, _) = PromptfooRig.Tests($"tests: [{{assert: [{assertion}]}}]", mode);
            var test = config!.Tests.First();
            var grade = Grader.Of(test, test.Vars, new GradedAnswer("x"), mode);
            Assert.False(grade.Pass);
            Assert.Contains("is not known of this answer", grade.Error, StringComparison.Ordinal);
        }
    }

    /// <summary>A filter that cannot take its value makes the row an error, and never a pass.</summary>
    [Fact]
    public async Task Run_AVariableThatAFilterCannotTake_IsAnError()
    {
        var row = Assert.Single(await RunAsync("prompts: ['{{n | upper}}']\nproviders: [echo]\ntests: [{vars: {n: 5}, assert: [{type: not-contains, value: z}]}]", PromptfooMode.Compat));
        Assert.Contains("upper: it takes a text, not number", row.Error, StringComparison.Ordinal);
        Assert.False(row.IsPass);
    }

    /// <summary>The guide's table is the code's.</summary>
    [Fact]
    public void Guide_TypesOfAssertions_AreThoseThatAreRun()
    {
        var page = Source.Text("docs/guide/promptfoo.md");
        Assert.All(AssertionTypes.All, type => Assert.Contains($"| `{type.Id}` | {type.Summary} | {(type.Modes.Length == 0 ? "" : type.Modes + " ")}|", page, StringComparison.Ordinal));
        Assert.All(AssertionTypes.Refused.Keys, id => Assert.Contains($"`{id}`", page, StringComparison.Ordinal));
    }

    private static async Task<IReadOnlyList<PromptfooRow>> RunAsync(string text, PromptfooMode mode)
    {
        var (config, problems) = PromptfooRig.Read(text, mode);
        Assert.True(config is not null, string.Join('\n', problems));
        using var run = new PromptfooRun(config, mode, new RunOptions { Concurrency = 4 }, TimeProvider.System);
        var rows = new List<PromptfooRow>();
        await run.RunAsync(rows.Add, CancellationToken.None);
        Assert.Equal(config.Rows, rows.Count);
        return rows;
    }
}
