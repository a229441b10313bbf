using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Promptfoo;
using ModelMigrate.Core.Promptfoo.Reading;
using ModelMigrate.Tests.App.Commands;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.App.Evaluating.Promptfoo;

/// <summary>Tests that are asked several times, and those that a model of their own answers, over HTTP against a server that says who was asked, and what.</summary>
public sealed class PromptfooRepeatTests() : PromptfooHttpTests(SaysAsync)
{
    private const string Asserts = "assert: [{type: contains, value: a}]";

    /// <summary>As promptfoo 0.121.20 gave them for the same file.</summary>
    [Fact]
    public Task Compat_EveryRow_IsAsPromptfooHasIt() => HoldsAsPromptfooHasItAsync("repeats");

    /// <summary>What is written, and how often which value is asked.</summary>
    [Theory]
    [InlineData("tests: [{vars: {w: a}, options: {repeat: 3}, ASSERTS}, {vars: {w: b}, ASSERTS}]", "a a a b b")]
    [InlineData("defaultTest: {options: {repeat: 1}}\ntests: [{vars: {w: [a, b]}, ASSERTS}, {vars: {w: c}, options: {repeat: 2}, ASSERTS}]", "a b c c")]
    [InlineData("tests: file://t.jsonl", "a b a b c")]
    [InlineData("scenarios: [{config: [{vars: {w: a}}, {vars: {w: b}, options: {repeat: 3}}], tests: [{ASSERTS}]}]", "a a b b b")]
    public void Read_Repeats_ComeAfterEachOther(string tests, string expected)
    {
        var (config, problems) = Read(tests, new TestFilter());
        Assert.Empty(problems);
        Assert.Equal(expected, string.Join(' ', config!.Tests.Select(static test => test.Vars["w"])));
        Assert.Equal(config.Tests.Count(), config.Rows);
    }

    /// <summary>A test is one as it is written, with all its values and repetitions.</summary>
    [Theory]
    [InlineData(null, 1, "a b a b")]
    [InlineData(null, 2, "a b a b c c")]
    [InlineData("last", 1, "c c")]
    [InlineData("last", 2, "c c d d")]
    [InlineData(null, 9, "a b a b c c d d")]
    public void Read_WithAFilter_TakesTestsAsTheyAreWritten(string? pattern, int first, string expected)
    {
        var (config, _) = Read("tests: [{description: x, vars: {w: [a, b]}, ASSERTS}, {description: last, vars: {w: c}, ASSERTS}, {description: at last, vars: {w: d}, ASSERTS}]", new TestFilter(pattern, first));
        Assert.Equal(expected, string.Join(' ', config!.Tests.Select(static test => test.Vars["w"])));
        Assert.Equal(config.Tests.Count(), config.Rows);
    }

    /// <summary>Each line of a file names a model of its own: what is made for asking it is made once.</summary>
    [Fact]
    public void Read_TheSameProviderInManyTests_IsOne()
    {
        var lines = string.Concat(Enumerable.Range(0, 500).Select(static i => JsonSerializer.Serialize(new
        {
            vars = new { w = "a" }, provider = new { id = "openai:chat:m", config = new { temperature = i % 2, stop = new[] { "x" } } },
            options = new { provider = "openai:chat:judge" }, assert = new[] { new { type = "llm-rubric", value = "good" } },
        }) + "\n"));
        var (config, problems) = PromptfooRig.Read("prompts: ['{{w}}']\nproviders: [echo]\ntests: file://t.jsonl\n", PromptfooMode.Strict, ("t.jsonl", lines));
        Assert.Empty(problems);
        var tests = config!.Tests.Concat(config.Tests).ToList();
        Assert.Equal(1000, tests.Count);
        Assert.Equal(2, tests.Select(static test => test.Provider).ToHashSet(ReferenceEqualityComparer.Instance).Count);
        Assert.Single(tests.Select(static test => test.Asserts[0].Judge).ToHashSet(ReferenceEqualityComparer.Instance));
    }

    [Theory]
    [InlineData("provider: {id: 'openai:chat:m', transform: output}", "p.yaml:4:94: error not-run: 'transform' of a test's provider is not run here. Write it as options.transform of the test.")]
    [InlineData("provider: {id: echo, delay: 5}", "Write it at the entry of providers.")]
    [InlineData("provider: {id: echo, prompts: [a]}", "Write 'prompts' at the test itself.")]
    [InlineData("provider: opnai:chat:m", "The provider 'opnai:chat:m' cannot be asked here. Write 'openai:m'.")]
    [InlineData("options: {repeat: 0}", "repeat: '0' is no number from 1 to 1000.")]
    public void Read_ATestThatIsNotAskedSo_IsRefused(string key, string says)
    {
        var (config, problems) = Read($"tests: [{{vars: {{w: a}}, ASSERTS, {key}}}]", new TestFilter());
        Assert.Null(config);
        Assert.Contains(problems, problem => problem.ToString().Contains(says, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_WithTheTestsOwnModel_SaysInItsResultsWhoThatWas()
    {
        var output = Path.Combine(Folder.FullName, "r.json");
        var file = await WriteAsync($"tests: [{{vars: {{n: 1}}, options: {{repeat: 2}}, provider: {{id: https, label: own, config: {{url: '{Root}', body: {{who: own, prompt: '{{{{prompt}}}}'}}, transformResponse: json.said}}}}, assert: [{{type: equals, value: 'own: n is 1'}}]}}]");
        var run = await CliRun.OfAsync($"evaluate-promptfoo -c {file} -o {output}");
        Assert.True(run.Code == 0, run.Out + run.Error);
        var rows = JsonNode.Parse(await File.ReadAllTextAsync(output))!["results"]!["results"]!.AsArray();
        Assert.Equal(["echo own 0", "echo own 1"], rows.Select(static row => string.Create(CultureInfo.InvariantCulture, $"{row!["provider"]!["label"]} {row["testCase"]!["provider"]!["label"]} {row["testIdx"]}")));
    }

    private static (PromptfooConfig? Config, IReadOnlyList<ConfigProblem> Problems) Read(string tests, TestFilter filter)
    {
        string[] lines = ["""{"vars": {"w": ["a", "b"]}, "assert": [{"type": "contains", "value": "a"}]}""", """{"vars": {"w": "c"}, "options": {"repeat": 1}, "assert": [{"type": "contains", "value": "a"}]}"""];
        var text = $"prompts: ['{{{{w}}}}']\nproviders: [echo]\nevaluateOptions: {{repeat: 2}}\n{tests.Replace("ASSERTS", Asserts, StringComparison.Ordinal)}\n";
        return PromptfooReader.Read("p.yaml", name => new MemoryStream(System.Text.Encoding.UTF8.GetBytes(name == "p.yaml" ? text : string.Join('\n', lines))), static _ => null, PromptfooMode.Strict, filter);
    }

    private static Task SaysAsync(Microsoft.AspNetCore.Http.HttpContext context, StubUpstream.Received received)
    {
        var asked = JsonNode.Parse((ReadOnlySpan<byte>)received.Body)!;
        return StubUpstream.Json(JsonSerializer.Serialize(new { said = $"{asked["who"]}: {asked["prompt"]}" }))(context, received);
    }
}
