using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using ModelMigrate.Output;
using ModelMigrate.Tests.App.Commands;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.App.Evaluating.Promptfoo;

/// <summary><c>evaluate-promptfoo</c> over HTTP, against a provider that answers as the test says.</summary>
public sealed class PromptfooCommandTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mm-promptfoo-");
    private StubUpstream _stub = null!;

    public async Task InitializeAsync() => _stub = await StubUpstream.StartAsync();

    public async Task DisposeAsync()
    {
        await _stub.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Run_AModelOverHttp_ExitsByItsRowsAndWritesVersion3()
    {
        _stub.Answers = StubUpstream.Json("""{"id":"1","object":"chat.completion","created":1,"model":"m-1","choices":[{"index":0,"message":{"role":"assistant","content":"It is Paris."},"finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":4,"total_tokens":11}}""");
        var config = await WriteAsync("{type: contains, value: '{{capital}}', metric: right}, {type: finish-reason, value: stop}, {type: latency, threshold: 60000}");
        var output = Path.Combine(_folder.FullName, "out.json");

        var run = await CliRun.OfAsync($"evaluate-promptfoo -c {config} --output {output}");
        Assert.Equal((int)ExitCode.Negative, run.Code);
        Assert.Contains("FAIL  test 2, mine: Expected the answer to contain \"Rome\"", run.Out, StringComparison.Ordinal);
        Assert.Contains("1 passed, 1 failed, 0 errors of 2 rows.", run.Out, StringComparison.Ordinal);

        var results = JsonNode.Parse(await File.ReadAllTextAsync(output))!["results"]!;
        Assert.Equal((3, 1, 1, 0), (results["version"]!.GetValue<int>(), results["stats"]!["successes"]!.GetValue<int>(), results["stats"]!["failures"]!.GetValue<int>(), results["stats"]!["errors"]!.GetValue<int>()));
        Assert.Equal((22, "mine", 0.5), (results["stats"]!["tokenUsage"]!["total"]!.GetValue<int>(), results["prompts"]![0]!["provider"]!.GetValue<string>(), results["prompts"]![0]!["metrics"]!["namedScores"]!["right"]!.GetValue<double>() / 2));
        Assert.Equal(["It is Paris.", "It is Paris."], results["results"]!.AsArray().Select(static row => row!["response"]!["output"]!.GetValue<string>()));
        Assert.Equal([0, 1], results["results"]!.AsArray().Select(static row => row!["failureReason"]!.GetValue<int>()));

        var sent = _stub.Requests.Select(static request => JsonNode.Parse((ReadOnlySpan<byte>)request.Body)!).First(static body => body.ToJsonString().Contains("France", StringComparison.Ordinal));
        Assert.Equal(("m", 0.25, 33, "Name the capital of France."), (sent["model"]!.GetValue<string>(), sent["temperature"]!.GetValue<double>(), sent["max_tokens"]?.GetValue<int>() ?? sent["max_completion_tokens"]!.GetValue<int>(), sent["messages"]![0]!["content"]!.GetValue<string>()));

        Assert.Equal((int)ExitCode.Ok, (await CliRun.OfAsync($"evaluate-promptfoo -c {config} --filter-first-n 1")).Code);
    }

    /// <summary>The number of a prompt is its own, and not said where there is only one.</summary>
    [Theory]
    [InlineData("[a]", "one: 0 of 1 pass", "two: 0 of 1 pass", "FAIL  test 1, two: Expected")]
    [InlineData("[a, b]", "one, prompt 2: 0 of 1 pass", "two, prompt 1: 0 of 1 pass", "FAIL  test 1, two, prompt 2: Expected")]
    public async Task Run_SeveralModels_AreNamedWithTheirPrompts(string prompts, params string[] says)
    {
        var file = Path.Combine(_folder.FullName, "p.yaml");
        await File.WriteAllTextAsync(file, $"prompts: {prompts}\nproviders: [{{id: echo, label: one}}, {{id: echo, label: two}}]\ntests: [{{assert: [{{type: equals, value: x}}]}}]\n");
        var run = await CliRun.OfAsync($"evaluate-promptfoo -c {file}");
        Assert.All(says, line => Assert.Contains(line, run.Out, StringComparison.Ordinal));
    }

    /// <summary>And what it writes is read again as it was meant.</summary>
    [Fact]
    public async Task Run_JUnit_SaysWhyEachRowFailed()
    {
        _stub.Answers = async (context, received) =>
        {
            var isItaly = Encoding.UTF8.GetString(received.Body).Contains("Italy", StringComparison.Ordinal);
            await StubUpstream.Json(
                isItaly ? """{"error":{"message":"no","type":"invalid_request_error"}}""" : """{"id":"1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"It is \u0001 <Lyon>."},"finish_reason":"stop"}]}""",
                isItaly ? 400 : 200)(context, received);
        };
        var file = Path.Combine(_folder.FullName, "junit.xml");
        var run = await CliRun.OfAsync($"evaluate-promptfoo -c {await WriteAsync("{type: contains, value: '{{capital}}'}, {type: icontains, value: IT}")} --junit {file}");
        Assert.Equal((int)ExitCode.Infrastructure, run.Code);
        var cases = XDocument.Load(file).Descendants("testcase").ToList();
        Assert.Equal(["test 1", "test 2"], cases.Select(static each => each.Attribute("name")!.Value));
        var failure = Assert.Single(cases[0].Elements("failure"));
        Assert.Equal("Expected the answer to contain \"Paris\"", failure.Attribute("message")!.Value);
        Assert.Equal("contains: Expected the answer to contain \"Paris\" (score 0)\nanswer: It is \uFFFD <Lyon>.", failure.Value);
        Assert.Contains("request", Assert.Single(cases[1].Elements("error")).Attribute("message")!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_AProviderThatFails_IsAnErrorAndNeverAPass()
    {
        _stub.Answers = StubUpstream.Json("""{"error":{"message":"no","type":"invalid_request_error"}}""", status: 400);
        var config = await WriteAsync("{type: not-contains, value: x}");
        foreach (var mode in new[] { "strict", "compat" })
        {
            var run = await CliRun.OfAsync($"evaluate-promptfoo -c {config} --mode {mode} --json");
            Assert.Equal((int)ExitCode.Infrastructure, run.Code);
            Assert.Equal(2, JsonNode.Parse(run.Out)!["results"]!["stats"]!["errors"]!.GetValue<int>());
            Assert.Contains("0 passed, 0 failed, 2 errors of 2 rows.", run.Error, StringComparison.Ordinal);
        }
    }

    /// <summary>No model is asked.</summary>
    [Fact]
    public async Task Run_WhatWouldCheckNothing_Exits2BeforeAnyModelIsAsked()
    {
        var config = await WriteAsync("{type: contians, value: x}, {type: llm-rubric, value: nice}");
        var misspelt = await CliRun.OfAsync($"evaluate-promptfoo -c {config}");
        Assert.Equal((int)ExitCode.Usage, misspelt.Code);
        Assert.Contains("promptfooconfig.yaml:4:31: error unknown-assertion: There is no assertion of type 'contians'. Write 'contains'.", misspelt.Error, StringComparison.Ordinal);
        Assert.Contains("promptfooconfig.yaml:4:59: error no-judge: 'llm-rubric' asks a model to judge", misspelt.Error, StringComparison.Ordinal);

        await WriteAsync("{type: contains, value: x}");
        var none = await CliRun.OfAsync($"evaluate-promptfoo -c {config} --filter-pattern nothing-like-it");
        Assert.Equal((int)ExitCode.Usage, none.Code);
        Assert.Contains("the filter matches none", none.Error, StringComparison.Ordinal);
        Assert.Contains("Run: model-migrate evaluate-promptfoo", (await CliRun.OfAsync($"evaluate -c {config}")).Error, StringComparison.Ordinal);
        Assert.Empty(_stub.Requests);
    }

    private async Task<string> WriteAsync(string assertions)
    {
        var file = Path.Combine(_folder.FullName, "promptfooconfig.yaml");
        await File.WriteAllTextAsync(file, $$"""
            prompts: ['Name the capital of {{"{{country}}"}}.']
            providers: [{id: openai:chat:m, label: mine, config: {apiBaseUrl: "{{_stub.Url.ToString().TrimEnd('/')}}/v1", temperature: 0.25, max_tokens: 33} }]
            tests: [{vars: {country: France, capital: Paris} }, {vars: {country: Italy, capital: Rome} }]
            defaultTest: {assert: [{{assertions}}]}

            """);
        return file;
    }
}
