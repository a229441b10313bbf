using System.Text.Json.Nodes;
using ModelMigrate.Core.Promptfoo;
using ModelMigrate.Core.Promptfoo.Asserting.Outside;
using ModelMigrate.Output;
using ModelMigrate.Tests.App.Commands;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.App.Evaluating.Promptfoo;

/// <summary>Assertions over embeddings, over HTTP against a server that makes them.</summary>
public sealed class PromptfooSimilarTests : PromptfooHttpTests
{
    private string Embedder => $"{{id: 'openai:embedding:vectors', config: {{apiBaseUrl: '{Url}', apiKeyEnvar: NONE}}}}";

    /// <summary>As promptfoo 0.121.20 gave them for the same file with the same embeddings.</summary>
    [Fact]
    public async Task Compat_EveryRow_IsAsPromptfooHasIt()
    {
        await HoldsAsPromptfooHasItAsync("similar");
    }

    /// <summary>The answer's embedding is (1, 2, 2); worked out by hand from the definitions.</summary>
    [Theory]
    [InlineData("{type: similar, value: 'v=2,1,2', threshold: 0.88}", true, 8.0 / 9)]
    [InlineData("{type: similar, value: 'v=2,1,2', threshold: 0.89}", false, 8.0 / 9)]
    [InlineData("{type: similar, value: 'v=0,0,0', threshold: 0.1}", false, 0.0)]
    [InlineData("{type: not-similar, value: 'v=2,-1,0'}", true, 1.0)]
    [InlineData("{type: not-similar, value: 'v=2,-1,0', threshold: 0}", false, 1.0)]
    [InlineData("{type: similar, value: ['v=2,1,2', 'v=1,2,2', 'v=2,-1,0']}", true, 1.0)]
    [InlineData("{type: not-similar, value: ['v=2,-1,0', 'v=2,1,2', 'v=1,2,2']}", false, 0.0)]
    [InlineData("{type: 'similar:dot', value: 'v=3,-1,0.5', threshold: 2}", true, 2.0)]
    [InlineData("{type: 'similar:dot', value: 'v=3,-1,0.5', threshold: 2.01}", false, 2.0)]
    [InlineData("{type: 'similar:euclidean', value: 'v=4,6,2', threshold: 5}", true, 1.0 / 6)]
    [InlineData("{type: 'similar:euclidean', value: 'v=4,6,2', threshold: 4.99}", false, 1.0 / 6)]
    [InlineData("{type: 'not-similar:euclidean', value: 'v=4,6,2', threshold: 5}", false, 5.0 / 6)]
    [InlineData("{type: 'similar:euclidean', value: ['v=4,6,2', 'v=1,2,3'], threshold: 5}", true, 0.5)]
    public async Task Strict_OneAssertion_HasItsFormulasScore(string assertion, bool pass, double score)
    {
        var row = Assert.Single(await RunAsync($"prompts: ['words v=1,2,2']\nproviders: [echo]\ntests: [{{options: {{provider: {{embedding: {Embedder}}}}}, assert: [{assertion}]}}]", PromptfooMode.Strict));
        Assert.Null(row.Error);
        Assert.Equal((pass, Math.Round(score, 12)), (row.IsPass, Math.Round(row.Grade!.Score, 12)));
    }

    [Theory]
    [InlineData(SimilarityMetric.Cosine, 1.0)]
    [InlineData(SimilarityMetric.Dot, 14.0)]
    [InlineData(SimilarityMetric.Euclidean, 0.0)]
    public void Of_AVectorAndItself_IsAsNearAsCanBe(SimilarityMetric metric, double expected)
    {
        Assert.Equal(expected, Similarity.Of(metric, [1, -2, 3], [1, -2, 3])!.Value, 12);
        Assert.Null(Similarity.Of(metric, [1, 2], [1, 2, 3]));
    }

    /// <summary>A text is asked once in a run, and what it costs stands apart from the answers.</summary>
    [Fact]
    public async Task Command_ReferencesOfManyRows_AreEmbeddedOnceAndToldApart()
    {
        var output = Path.Combine(Folder.FullName, "out.json");
        var config = await WriteAsync($"tests: [{{vars: {{n: [a, b, c, d]}}}}]\ndefaultTest: {{options: {{provider: {{text: openai:chat:other, embedding: {Embedder}}}}}, assert: [{{type: similar, value: 'the reference'}}, {{type: not-similar, value: 'other v=-1,0,0'}}]}}");
        var run = await CliRun.OfAsync($"evaluate-promptfoo -c {config} -o {output}");
        Assert.Equal((int)ExitCode.Ok, run.Code);
        Assert.Equal(["n is a", "n is b", "n is c", "n is d", "other v=-1,0,0", "the reference"], Stub.Requests.Select(static request => JsonNode.Parse((ReadOnlySpan<byte>)request.Body)!["input"]!.GetValue<string>()).Order(StringComparer.Ordinal));
        Assert.All(Stub.Requests, static request => Assert.Equal("/v1/embeddings", request.Path));
        Assert.Contains("Judging, apart from the answers: 6 calls, 42 tokens, cost unknown.", run.Out, StringComparison.Ordinal);
        var stats = JsonNode.Parse(await File.ReadAllTextAsync(output))!["results"]!["stats"]!["tokenUsage"]!;
        Assert.Equal((0, 42), (stats["total"]!.GetValue<int>(), stats["assertions"]!["total"]!.GetValue<int>()));
    }

    /// <summary>No embedding is no failure of the answer's and no success, in both modes and whichever way it is turned; and it is asked again for the next row.</summary>
    [Theory]
    [InlineData(500, "no", "similar")]
    [InlineData(400, """{"error":{"message":"too long"}}""", "not-similar")]
    [InlineData(200, """{"data":[]}""", "not-similar")]
    [InlineData(200, """{"data":[{"embedding":"AACAPwAAAEA="}]}""", "similar:dot")]
    [InlineData(200, """{"data":[{"embedding":[]}]}""", "not-similar:euclidean")]
    [InlineData(200, """{"data":[{"embedding":[1,"2"]}]}""", "not-similar")]
    public async Task Command_WithoutAnEmbedding_EveryRowIsAnError(int status, string body, string type)
    {
        Stub.Answers = StubUpstream.Json(body, status);
        foreach (var mode in new[] { "strict", "compat" })
        {
            Stub.Requests.Clear();
            var run = await CliRun.OfAsync($"evaluate-promptfoo -c {await WriteAsync($"tests: [{{vars: {{n: [a, a]}}}}]\ndefaultTest: {{options: {{provider: {{embedding: {Embedder}}}}}, assert: [{{type: {type}, value: x}}]}}")} --mode {mode} --retries 0 -j 1");
            Assert.Equal((int)ExitCode.Infrastructure, run.Code);
            Assert.Contains("0 passed, 0 failed, 2 errors of 2 rows.", run.Out, StringComparison.Ordinal);
            Assert.Equal(2, Stub.Requests.Count);
        }
    }

    [Fact]
    public async Task Run_EmbeddingsOfTwoLengths_AreAnError()
    {
        var row = Assert.Single(await RunAsync($"prompts: ['words v=1,2,2']\nproviders: [echo]\ntests: [{{options: {{provider: {{embedding: {Embedder}}}}}, assert: [{{type: not-similar, value: 'v=1,2'}}]}}]", PromptfooMode.Compat));
        Assert.Contains("not of one model", row.Error, StringComparison.Ordinal);
    }

    /// <summary>Nobody is asked whom the file does not name, and no threshold is taken that decides nothing.</summary>
    [Theory]
    [InlineData("{assert: [{type: similar, value: a}]}", "p.yaml:4:31: error no-embedder", "embedding: openai:embedding:")]
    [InlineData("{options: {provider: openai:chat:m}, assert: [{type: not-similar, value: a}]}", "p.yaml:4:67: error no-embedder", "and none is named")]
    [InlineData("{options: {provider: {embedding: openai:embedding:m}}, assert: [{type: llm-rubric, value: a}]}", "p.yaml:4:85: error no-judge", "and none is named")]
    [InlineData("{options: {provider: openai:embeddings:m}, assert: [{type: llm-rubric, value: a}]}", "p.yaml:4:73: error no-judge", "and none is named")]
    [InlineData("{assert: [{type: similar, value: a, provider: {embedding: openai:chat:m}}]}", "p.yaml:4:72: error unknown-provider", "openai:embedding:")]
    [InlineData("{assert: [{type: similar, value: a, provider: {embedding: 'anthropic:embedding:m'}}]}", "p.yaml:4:72: error unknown-provider", "cannot be asked for embeddings")]
    [InlineData("{assert: [{type: similar, value: a, provider: {embedding: echo}}]}", "p.yaml:4:72: error unknown-provider", "makes no embeddings")]
    [InlineData("{options: {provider: openai:embedding:m}, assert: [{type: similar}]}", "p.yaml:4:65: error bad-value", "not empty")]
    [InlineData("{options: {provider: openai:embedding:m}, assert: [{type: similar, value: a, threshold: 75}]}", "p.yaml:4:102: error bad-number", "above -1, at most 1")]
    [InlineData("{options: {provider: openai:embedding:m}, assert: [{type: 'similar:euclidean', value: a, threshold: 0}]}", "p.yaml:4:114: error bad-number", "above 0.")]
    [InlineData("{options: {provider: openai:embedding:m}, assert: [{type: 'similar:manhattan', value: a}]}", "p.yaml:4:72: error unknown-assertion", "There is no assertion")]
    public async Task Command_WhatWouldNotBeMeasured_IsRefusedBeforeAnybodyIsAsked(string defaults, string place, string says)
    {
        var run = await CliRun.OfAsync($"evaluate-promptfoo -c {await WriteAsync($"tests: [{{description: one}}]\ndefaultTest: {defaults}")}");
        Assert.Equal((int)ExitCode.Usage, run.Code);
        Assert.Contains(run.Error.Split('\n'), line => line.StartsWith(place, StringComparison.Ordinal) && line.Contains(says, StringComparison.Ordinal));
        Assert.Empty(Stub.Requests);
    }

    [Fact]
    public void Read_ACellOfATable_HasPromptfoosThreshold()
    {
        var (config, problems) = PromptfooRig.Tests("tests: file://t.csv\ndefaultTest: {options: {provider: openai:embedding:m}}", PromptfooMode.Strict, ("t.csv", "text,__expected1,__expected2\na,similar: b,similar:dot(3): c\n"));
        Assert.Empty(problems);
        Assert.Equal([("similar", 0.8, "b"), ("similar:dot", 3.0, "c")], config!.Tests.First().Asserts.Select(static each => (each.Type, each.Threshold ?? -1, each.Value.GetString()!)));
    }
}
