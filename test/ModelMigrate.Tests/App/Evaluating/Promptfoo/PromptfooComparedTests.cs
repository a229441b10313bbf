using System.Globalization;
using System.Text.Json.Nodes;
using ModelMigrate.Core.Promptfoo;
using ModelMigrate.Tests.App.Commands;

namespace ModelMigrate.Tests.App.Evaluating.Promptfoo;

/// <summary>Assertions that compare the rows of one test, over HTTP against a judge that names what texts say.</summary>
public sealed class PromptfooComparedTests : PromptfooHttpTests
{
    private string Judge => $"{{id: 'openai:chat:judge', config: {{apiBaseUrl: '{Url}'}}}}";

    /// <summary>As promptfoo 0.121.20 gave them for the same file, with a judge of the same verdicts; each test is asked about once.</summary>
    [Fact]
    public async Task Compat_EveryRow_IsAsPromptfooHasIt()
    {
        await HoldsAsPromptfooHasItAsync("compared");
        Assert.Equal(4, Stub.Requests.Count);
    }

    /// <summary>The answers are "one a", "two b" and "three c"; whether each passes, and its score.</summary>
    [Theory]
    [InlineData("{type: select-best, value: 'best=b'}", "- 0, + 1, - 0")]
    [InlineData("{type: select-best, value: 'best=first'}", "+ 0.5, - 0, + 0.5")]
    [InlineData("{type: select-best, value: 'best=b', weight: 3}, {type: contains, value: o}", "- 0.25, + 1, - 0")]
    [InlineData("{type: max-score}, {type: contains, value: o}", "+ 1, - 0.5, - 0")]
    [InlineData("{type: max-score}, {type: contains, value: t}, {type: contains, value: c}", "- 0, - 0.3333, + 1")]
    [InlineData("{type: max-score, value: {method: sum, weights: {contains: 0, not-contains: 2}}}, {type: contains, value: a}, {type: not-contains, value: e, weight: 0}", "- 0.5, - 0.5, - 0")]
    [InlineData("{type: max-score, value: {threshold: 0.9}}, {type: contains, value: e}, {type: contains, value: a}, {type: contains, value: t}", "- 0.5, - 0.25, - 0.5")]
    public async Task Strict_RowsOfATest_AreComparedByItsRules(string assertions, string expected)
    {
        var rows = await RunAsync($"prompts: [one a, two b, three c]\nproviders: [echo]\ntests: [{{options: {{provider: {Judge}}}, assert: [{assertions}]}}]", PromptfooMode.Strict);
        Assert.Equal(expected, string.Join(", ", rows.Select(static row => string.Create(CultureInfo.InvariantCulture, $"{(row.IsPass ? "+" : "-")} {row.Grade!.Score:0.####}"))));
    }

    /// <summary>strict asks in both orders and compat in one; what is judged are fields, and the criterion has its variables.</summary>
    [Theory]
    [InlineData(PromptfooMode.Strict, 2)]
    [InlineData(PromptfooMode.Compat, 1)]
    public async Task Run_TwoAnswers_AreAskedInBothOrdersInStrict(PromptfooMode mode, int calls)
    {
        await RunAsync($"prompts: [one, two]\nproviders: [echo]\ntests: [{{vars: {{w: short}}, options: {{provider: {Judge}}}, assert: [{{type: select-best, value: 'is {{{{w}}}}; best=two'}}]}}]", mode);
        string[] both = ["""{"criterion":"is short; best=two","answer 1":"one","answer 2":"two"}""", """{"criterion":"is short; best=two","answer 1":"two","answer 2":"one"}"""];
        Assert.Equal(both.Take(calls), Stub.Requests.Select(static request => JsonNode.Parse((ReadOnlySpan<byte>)request.Body)!["messages"]![1]!["content"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("no verdict", "no verdict, twice")]
    [InlineData("best=7", "an answer that is not there: there are 2")]
    public async Task Run_AJudgeThatNamesNone_MakesEveryRowAnError(string criterion, string says)
    {
        foreach (var mode in Enum.GetValues<PromptfooMode>())
        {
            var rows = await RunAsync($"prompts: [one, two]\nproviders: [echo]\ntests: [{{options: {{provider: {Judge}}}, assert: [{{type: select-best, value: '{criterion}'}}, {{type: contains, value: o}}]}}]", mode);
            Assert.Equal(2, rows.Count);
            Assert.All(rows, row => Assert.Contains(says, row.Error, StringComparison.Ordinal));
        }
    }

    /// <summary>A row that is an error is not compared, and one that is left alone has nothing to be compared with.</summary>
    [Theory]
    [InlineData("['{{n | upper}}', one, two]", "error, fail, pass")]
    [InlineData("['{{n | upper}}', '{{n | lower}}', two]", "error, error, error")]
    public async Task Run_RowsThatAreErrors_AreLeftOut(string prompts, string expected)
    {
        foreach (var mode in Enum.GetValues<PromptfooMode>())
        {
            var rows = await RunAsync($"prompts: {prompts}\nproviders: [echo]\ntests: [{{vars: {{n: 5}}, options: {{provider: {Judge}}}, assert: [{{type: select-best, value: 'best=two'}}]}}]", mode);
            Assert.Equal(expected, string.Join(", ", rows.Select(static row => row.Error is not null ? "error" : row.IsPass ? "pass" : "fail")));
        }
    }

    /// <summary>Rows come out in order, each test and repeat compared for itself, also when there are more than may wait.</summary>
    [Fact]
    public async Task Run_ManyTestsAndRepeats_ComeOutInOrderEachComparedForItself()
    {
        var tests = string.Join(", ", Enumerable.Range(0, 1500).Select(static i => i % 3 == 0 ? $"{{vars: {{n: a{i}}}, assert: [{{type: contains, value: a}}, {{type: max-score}}]}}" : $"{{vars: {{n: b{i}}}, assert: [{{type: contains, value: b}}]}}"));
        var rows = await RunAsync($"prompts: ['{{{{n}}}} one', '{{{{n}}}} two']\nproviders: [echo]\nevaluateOptions: {{repeat: 2}}\ntests: [{tests}]", PromptfooMode.Strict, concurrency: 8);
        Assert.Equal(Enumerable.Range(0, 6000).Select(static i => (i / 2, i % 2)), rows.Select(static row => (row.TestIndex, row.PromptIndex)));
        Assert.All(rows, static row => Assert.Equal(row.TestIndex / 2 % 3 != 0 || row.PromptIndex == 0, row.IsPass));
    }

    [Theory]
    [InlineData("[a, b]", "{assert: [{type: select-best, value: x}]}", "p.yaml:4:31: error no-judge", "and none is named")]
    [InlineData("[a, b]", "{assert: [{type: not-select-best, value: x}]}", "p.yaml:4:31: error not-run", "Write 'select-best'.")]
    [InlineData("[a, b]", "{assert: [{type: assert-set, assert: [{type: max-score}]}]}", "p.yaml:4:59: error not-run", "beside the set")]
    [InlineData("[a, b]", "{assert: [{type: equals, value: x}, {type: max-score, threshold: 1}]}", "p.yaml:4:68: error not-run", "value: {threshold:")]
    [InlineData("[a, b]", "{assert: [{type: max-score}]}", "p.yaml:4:31: error nothing-to-compare", "the scores of other assertions")]
    [InlineData("[a]", "{assert: [{type: equals, value: x}, {type: max-score}]}", "p.yaml:4:57: error nothing-to-compare", "a single answer")]
    [InlineData("[a, b]", "{assert: [{type: equals, value: x}, {type: max-score, value: {method: most}}]}", "p.yaml:4:75: error bad-value", "'method: average' or 'method: sum'")]
    [InlineData("[a, b]", "{assert: [{type: equals, value: x}, {type: max-score, value: {weights: {eqals: 2}}}]}", "p.yaml:4:75: error bad-value", "weights")]
    [InlineData("[a, b]", "{assert: [{type: equals, value: x}, {type: max-score, value: {weights: {equals: -2}}}]}", "p.yaml:4:75: error bad-value", "weights")]
    [InlineData("[a, b]", "{assert: [{type: equals, value: x}, {type: max-score, value: sum}]}", "p.yaml:4:75: error bad-value", "weights")]
    [InlineData("[a, b]", "{assert: [{type: equals, value: x}, {type: max-score, transform: output.trim()}]}", "p.yaml:4:57: error not-run", "a transform of its own would not be heard")]
    public async Task Command_WhatCannotBeCompared_IsRefusedBeforeAnybodyIsAsked(string prompts, string defaults, string place, string says)
    {
        var file = await WriteAsync($"tests: [{{description: one}}]\ndefaultTest: {defaults}", prompts);
        var run = await CliRun.OfAsync($"evaluate-promptfoo -c {file}");
        Assert.Contains(run.Error.Split('\n'), line => line.StartsWith(place, StringComparison.Ordinal) && line.Contains(says, StringComparison.Ordinal));
        Assert.Empty(Stub.Requests);
    }
}
