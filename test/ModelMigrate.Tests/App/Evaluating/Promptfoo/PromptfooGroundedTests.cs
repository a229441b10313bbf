using System.Text.Json;
using System.Text.Json.Nodes;
using ModelMigrate.Core.Promptfoo;
using ModelMigrate.Core.Promptfoo.Asserting.Outside;
using ModelMigrate.Output;
using ModelMigrate.Tests.App.Commands;

namespace ModelMigrate.Tests.App.Evaluating.Promptfoo;

/// <summary>Assertions over a context, and g-eval, over HTTP against a judge that answers what texts say.</summary>
public sealed class PromptfooGroundedTests : PromptfooHttpTests
{
    private const string Vars = "vars: {query: 'What is it? relevant=2 faith=2/3', context: 'One is. Two is? Three is.'}";

    private string Providers => $"{{text: {{id: 'openai:chat:judge', config: {{apiBaseUrl: '{Url}'}}}}, embedding: {{id: 'openai:embedding:vectors', config: {{apiBaseUrl: '{Url}'}}}}}}";

    /// <summary>As promptfoo 0.121.20 gave them for the same file, with a judge of the same verdicts in its words.</summary>
    [Fact]
    public async Task Compat_EveryRow_IsAsPromptfooHasIt()
    {
        await HoldsAsPromptfooHasItAsync("grounded");
    }

    /// <summary>Worked out by hand from the definitions.</summary>
    [Theory]
    [InlineData("{type: g-eval, value: ['gscore=10', 'gscore=3'], threshold: 0.65}", true, 0.65)]
    [InlineData("{type: g-eval, value: 'gscore=6'}", false, 0.6)]
    [InlineData("{type: not-g-eval, value: 'gscore=2'}", true, 0.8)]
    [InlineData("{type: context-recall, value: 'recall=3/4', threshold: 0.75}", true, 0.75)]
    [InlineData("{type: not-context-recall, value: 'recall=3/4', threshold: 0.75}", false, 0.25)]
    [InlineData("{type: context-recall, value: 'recall=0/0', threshold: 0.01}", false, 0.0)]
    [InlineData("{type: context-relevance, threshold: 0.66}", true, 2.0 / 3)]
    [InlineData("{type: not-context-relevance, threshold: 0.66}", false, 1.0 / 3)]
    [InlineData("{type: context-faithfulness, threshold: 0.67}", false, 2.0 / 3)]
    [InlineData("{type: answer-relevance, threshold: 0.53}", true, 8.0 / 15)]
    [InlineData("{type: not-answer-relevance, threshold: 0.6}", true, 7.0 / 15)]
    public async Task Strict_OneAssertion_HasItsFormulasScore(string assertion, bool pass, double score)
    {
        // Cosines of 1, 0.6 and 0 with what was asked, which is embedded as (1, 1, 1) without a mark.
        var row = Assert.Single(await RunAsync($"prompts: ['ask=[what v=1,0|who v=3,4|where v=0,1]']\nproviders: [echo]\ntests: [{{{Vars.Replace("is it?", "is it? v=1,0", StringComparison.Ordinal)}, options: {{provider: {Providers}}}, assert: [{assertion}]}}]", PromptfooMode.Strict));
        Assert.Null(row.Error);
        Assert.Equal((pass, Math.Round(score, 12)), (row.IsPass, Math.Round(row.Grade!.Score, 12)));
    }

    [Theory]
    [InlineData("\"One is. Two is! 3. Three is? Four\"", new[] { "One is.", "Two is!", "Three is?", "Four" })]
    [InlineData("\"One is. Two is.\\n\\nThree is.\\n\"", new[] { "One is. Two is.", "Three is." })]
    [InlineData("\"\\nOne is. It is 3.14 long.\\n\"", new[] { "One is.", "It is 3.14 long." })]
    [InlineData("[\"One is. Two is.\", \" \", \"Three\"]", new[] { "One is. Two is.", "Three" })]
    public void Of_AContext_IsCutIntoPartsLinesOrSentences(string context, string[] units) =>
        Assert.Equal(units, ContextUnits.Of(new Dictionary<string, JsonElement>(StringComparer.Ordinal) { ["context"] = JsonSerializer.Deserialize<JsonElement>(context) }));

    /// <summary>The steps of a criterion are worked out once in a run; costs stand apart from the answers.</summary>
    [Fact]
    public async Task Command_StepsOfManyRows_AreWorkedOutOnce()
    {
        var run = await CliRun.OfAsync($"evaluate-promptfoo -c {await WriteAsync($"tests: [{{vars: {{n: [a, b, c]}}}}]\ndefaultTest: {{options: {{provider: {Providers}}}, assert: [{{type: g-eval, value: 'gscore=9'}}]}}")} -j 3");
        Assert.Equal((int)ExitCode.Ok, run.Code);
        Assert.Equal(["score", "score", "score", "steps"], Stub.Requests.Select(static request => GradingStub.Form(JsonNode.Parse((ReadOnlySpan<byte>)request.Body)!)).Order(StringComparer.Ordinal));
        Assert.Contains("Judging, apart from the answers: 4 calls, 60 tokens", run.Out, StringComparison.Ordinal);
    }

    /// <summary>What a judge reads is data: a verdict of its own shape, with the answer as a field.</summary>
    [Fact]
    public async Task Command_PartsOfAContext_AreFieldsByNumber()
    {
        var run = await CliRun.OfAsync($"evaluate-promptfoo -c {await WriteAsync($"tests: [{{{Vars}, options: {{provider: {Providers}}}, assert: [{{type: context-relevance, threshold: 0.5}}]}}]")}");
        Assert.Equal((int)ExitCode.Ok, run.Code);
        var sent = JsonNode.Parse((ReadOnlySpan<byte>)Assert.Single(Stub.Requests).Body)!;
        Assert.Equal("""{"request":"What is it? relevant=2 faith=2/3","part 1":"One is.","part 2":"Two is?","part 3":"Three is."}""", sent["messages"]![1]!["content"]!.GetValue<string>());
    }

    /// <summary>No verdict, or one that cannot be, is an error, in both modes and whichever way the assertion is turned.</summary>
    [Theory]
    [InlineData("{type: g-eval, value: no verdict}", "no verdict, twice")]
    [InlineData("{type: not-g-eval, value: 'gscore=11'}", "not from 0 to 10")]
    [InlineData("{type: not-g-eval, value: 'gscore=-1'}", "not from 0 to 10")]
    [InlineData("{type: g-eval, value: 'gscore=7.5'}", "no verdict, twice")]
    [InlineData("{type: not-context-recall, value: no verdict, threshold: 1}", "no verdict, twice")]
    [InlineData("{type: not-context-relevance, threshold: 1}", "named a part that is not there: the context has 1")]
    [InlineData("{type: not-answer-relevance, threshold: 1}", "guessed 2 questions, not 3")]
    public async Task Run_AJudgeWithoutAVerdict_MakesAnError(string assertion, string says)
    {
        foreach (var mode in Enum.GetValues<PromptfooMode>())
        {
            var row = Assert.Single(await RunAsync($"prompts: ['ask=[what|who]']\nproviders: [echo]\ntests: [{{vars: {{query: relevant=2, context: one}}, options: {{provider: {Providers}}}, assert: [{assertion}]}}]", mode));
            Assert.Contains(says, row.Error, StringComparison.Ordinal);
            Assert.False(row.IsPass);
        }
    }

    [Theory]
    [InlineData("{assert: [{type: g-eval, value: a}]}", "p.yaml:4:31: error no-judge", "and none is named")]
    [InlineData("{options: {provider: openai:chat:m}, assert: [{type: answer-relevance, threshold: 1}]}", "p.yaml:4:67: error no-embedder", "and none is named")]
    [InlineData("{options: {provider: openai:embedding:m}, assert: [{type: answer-relevance, threshold: 1}]}", "p.yaml:4:72: error no-judge", "and none is named")]
    [InlineData("{options: {provider: openai:chat:m}, assert: [{type: context-recall, value: a}]}", "p.yaml:4:67: error missing-key", "passes whatever it finds")]
    [InlineData("{options: {provider: openai:chat:m}, assert: [{type: context-recall, value: a, threshold: 0}]}", "p.yaml:4:104: error bad-number", "above 0, at most 1")]
    [InlineData("{options: {provider: openai:chat:m}, assert: [{type: g-eval, value: a, threshold: 7}]}", "p.yaml:4:96: error bad-number", "above 0, at most 1")]
    [InlineData("{options: {provider: openai:chat:m}, vars: {query: q}, assert: [{type: context-relevance, threshold: 1}]}", "p.yaml:4:85: error no-variable", "the variable 'context'")]
    [InlineData("{options: {provider: openai:chat:m}, vars: {context: c}, assert: [{type: assert-set, assert: [{type: not-context-faithfulness, threshold: 1}]}]}", "p.yaml:4:115: error no-variable", "the variable 'query'")]
    [InlineData("{options: {provider: openai:chat:m}, vars: {query: q, context: ''}, assert: [{type: context-relevance, threshold: 1}]}", "p.yaml:4:98: error no-variable", "the variable 'context'")]
    [InlineData("{options: {provider: openai:chat:m, disableVarExpansion: true}, vars: {query: q, context: [a, 5]}, assert: [{type: context-relevance, threshold: 1}]}", "p.yaml:4:129: error no-variable", "the variable 'context'")]
    [InlineData("{options: {provider: openai:chat:m}, assert: [{type: g-eval, value: a, rubricPrompt: b}]}", "p.yaml:4:85: error not-run", "or use llm-rubric")]
    [InlineData("{options: {provider: openai:chat:m, rubricPrompt: '{{output}}'}, assert: [{type: g-eval, value: a}]}", "p.yaml:4:95: error not-run", "its test has a rubricPrompt")]
    [InlineData("{options: {provider: openai:chat:m}, assert: [{type: g-eval, value: a, contextTransform: output}]}", "p.yaml:4:85: error not-run", "reads no context")]
    [InlineData("{options: {provider: openai:chat:m}, vars: {query: q}, assert: [{type: context-relevance, threshold: 1, contextTransform: 'output.map('}]}", "p.yaml:4:136: error not-run", "not run here")]
    [InlineData("{options: {provider: openai:chat:m}, assert: [{type: g-eval}]}", "p.yaml:4:60: error bad-value", "not empty")]
    public async Task Command_WhatWouldNotBeJudged_IsRefusedBeforeAnybodyIsAsked(string defaults, string place, string says)
    {
        var run = await CliRun.OfAsync($"evaluate-promptfoo -c {await WriteAsync($"tests: [{{description: one}}]\ndefaultTest: {defaults}")}");
        Assert.Equal((int)ExitCode.Usage, run.Code);
        Assert.Contains(run.Error.Split('\n'), line => line.StartsWith(place, StringComparison.Ordinal) && line.Contains(says, StringComparison.Ordinal));
        Assert.Empty(Stub.Requests);
    }
}
