using System.Globalization;
using Microsoft.AspNetCore.Http;
using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Control.Evaluation.Promptfoo;
using ModelMigrate.Core.Promptfoo;
using ModelMigrate.Core.Promptfoo.Reading;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.App.Evaluating.Promptfoo;

/// <summary>Providers of configurations: servers over plain HTTP, ids of clouds, waits and limits.</summary>
public sealed class PromptfooProviderTests : IAsyncLifetime
{
    private const string Tests = "tests: [{vars: {q: 'a \"b\"', n: 3}, assert: [{type: contains, value: x}]}]\n";

    private StubUpstream _stub = null!;

    public async Task InitializeAsync() => _stub = await StubUpstream.StartAsync();

    public async Task DisposeAsync() => await _stub.DisposeAsync();

    /// <summary>What config says, what is sent (as promptfoo 0.121.20 sends it), what comes back, and the output.</summary>
    [Theory]
    [InlineData("body: {p: '{{prompt}}', q: '{{q}}', n: '{{n}}', deep: [{x: '{{q}}'}], k: 5}, transformResponse: 'json.a[0].b'", "POST / {\"p\":\"say a \\\"b\\\"\",\"q\":\"a \\\"b\\\"\",\"n\":\"3\",\"deep\":[{\"x\":\"a \\\"b\\\"\"}],\"k\":5}", "{\"a\":[{\"b\":\"x1\"}]}", "x1")]
    [InlineData("body: '{\"p\": \"{{prompt}}\"}', responseParser: 'json.a'", "POST / {\"p\": \"say a \\\"b\\\"\"}", "{\"a\":{\"x\":1}}", "{\"x\":1}")]
    [InlineData("body: 'plain {{prompt}}'", "POST / plain say a \"b\"", "x text", "x text")]
    [InlineData("body: '{{prompt}}', method: put", "PUT / say a \"b\"", "{\"x\": 1}", "{\"x\":1}")]
    [InlineData("method: GET, queryParams: {p: '{{prompt}}', v: 1}, transformResponse: '(json, text) => text.toUpperCase()'", "GET /?p=say%20a%20%22b%22&v=1 ", "x", "X")]
    [InlineData("body: {p: 1}, transformResponse: '(data) => data.list'", "POST / {\"p\":1}", "{\"list\":[1,\"x\",{\"y\":null}]}", "[1,\"x\",{\"y\":null}]")]
    [InlineData("body: {h: '[1, {{n}}]'}, transformResponse: 'json.ok ? json.x : text'", "POST / {\"h\":[1,3]}", "{\"ok\":false}", "{\"ok\":false}")]
    public async Task Run_AServerOverHttp_IsSentWhatIsWrittenAndRead(string config, string sent, string answer, string output)
    {
        _stub.Answers = async (context, _) => await context.Response.WriteAsync(answer);
        var row = Assert.Single(await RunAsync($"{{id: https, label: mine, config: {{url: '{_stub.Url}', {config}}}}}"));
        Assert.True(row.Error is null, row.Error);
        Assert.Equal(output, row.Output);
        var received = Assert.Single(_stub.Requests);
        Assert.Equal(sent, $"{received.Method} {received.Target} {received.Text}");
    }

    [Fact]
    public async Task Run_AServersHeaders_AreSentAndJsonIsSaid()
    {
        _stub.Answers = async (context, _) => await context.Response.WriteAsync("x");
        await RunAsync($"{{id: '{_stub.Url}chat/{{{{n}}}}', env: {{KEY: k1}}, config: {{headers: {{X-Key: 'key {{{{env.KEY}}}}', Content-Type: application/x-own}}, body: {{p: '{{{{prompt}}}}'}}}}}}");
        var received = Assert.Single(_stub.Requests);
        Assert.Equal(("/chat/3", "key k1", "application/x-own"), (received.Path, received.Headers["X-Key"], received.Headers["Content-Type"]));
    }

    /// <summary>promptfoo takes any status for an answer; here it is an error, after as many tries as were asked for where it can pass.</summary>
    [Theory]
    [InlineData(500, "", "provider: 127.0.0.1 answered 500.", 3)]
    [InlineData(404, "", "request: 127.0.0.1 answered 404.", 1)]
    [InlineData(200, "{}", "malformed: transformResponse finds nothing in the answer.", 1)]
    [InlineData(200, "no json", "malformed: transformResponse cannot read the answer: 'a' of null.", 1)]
    public async Task Run_AServerThatGivesNoAnswer_IsAnErrorWithoutSecrets(int status, string answer, string error, int asked)
    {
        _stub.Answers = async (context, _) =>
        {
            context.Response.StatusCode = status;
            await context.Response.WriteAsync(answer);
        };
        var row = Assert.Single(await RunAsync($"{{id: https, config: {{url: '{_stub.Url}?key=secret', body: {{p: 1}}, transformResponse: 'json.a'}}}}"));
        Assert.Equal((error, asked), (row.Error, _stub.Requests.Count));
        Assert.Null(row.Grade);
    }

    /// <summary>What is written, where it is refused, and what to do.</summary>
    [Theory]
    [InlineData("{id: https, config: {body: {p: 1}}}", "p.yaml:2:18: error bad-url", "Write for example 'url: https://example.com/chat'")]
    [InlineData("{id: https, config: {url: 'https://{{host}}/', body: {p: 1}}}", "p.yaml:2:39: error bad-url", "variables may stand behind the server's name")]
    [InlineData("{id: https, config: {url: 'https://a.test/'}}", "p.yaml:2:18: error missing-key", "or method: GET")]
    [InlineData("{id: https, config: {url: 'https://a.test/', method: SEND, body: a}}", "p.yaml:2:66: error bad-method", "Write GET, POST")]
    [InlineData("{id: https, config: {url: 'https://a.test/', body: a, transformResponse: 'file://x.js'}}", "p.yaml:2:86: error not-run", "json.choices[0].message.content")]
    [InlineData("{id: https, config: {url: 'https://a.test/', body: a, transformResponse: '(j) => { return j.x }'}}", "p.yaml:2:86: error not-run", "a pure expression of json and text")]
    [InlineData("{id: https, config: {url: 'https://a.test/', body: a, transformResponse: 'output'}}", "p.yaml:2:86: error not-run", "'output' is not known here; the names are json, text,")]
    [InlineData("{id: https, config: {url: 'https://a.test/', body: {p: '{% include x %}'}}}", "p.yaml:2:68: error template", "include is not run here")]
    [InlineData("{id: https, config: {url: 'https://a.test/', body: a, transformRequest: 'x'}}", "p.yaml:2:67: error not-run", "Write what is sent into body")]
    [InlineData("{id: https, config: {url: 'https://a.test/', body: a, auth: {}}}", "error not-run", "Bearer {{env.NAME}}")]
    [InlineData("file://mine.py", "p.yaml:2:13: error unknown-provider", "serve it over HTTP, and write its address as id")]
    [InlineData("azure:chat:gpt", "p.yaml:2:13: error missing-key", "set AZURE_API_HOST")]
    [InlineData("bedrock:amazon.nova-lite-v1:0", "p.yaml:2:13: error missing-key", "AWS_BEARER_TOKEN_BEDROCK")]
    [InlineData("{id: echo, delay: -1}", "p.yaml:2:31: error bad-number", "no number from 0")]
    [InlineData("{id: echo, transform: output.match(1)}", "p.yaml:2:35: error not-run", "--allow-scripts")]
    [InlineData("file://none.yaml", "p.yaml:2:13: error file-missing", "Correct its name")]
    public void Read_AProviderThatIsNotAsked_IsRefusedWithItsPlace(string provider, string place, string says)
    {
        var (config, problems) = PromptfooRig.Read($"prompts: [a]\nproviders: [{provider}]\n{Tests}");
        Assert.Null(config);
        Assert.True(problems.Any(problem => problem.ToString().Contains(place, StringComparison.Ordinal) && problem.ToString().Contains(says, StringComparison.Ordinal)), string.Join('\n', problems));
    }

    [Fact]
    public void Read_IdsOfClouds_AreTheirAddressesAndKeys()
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["AZURE_API_KEY"] = "a", ["AWS_ACCESS_KEY_ID"] = "id", ["AWS_SECRET_ACCESS_KEY"] = "s", ["AWS_REGION"] = "eu-west-1", ["OLLAMA_BASE_URL"] = "http://box:11434" };
        var text = """
            prompts: [a]
            providers:
              - { id: 'azure:chat:dep', config: { apiHost: r.openai.azure.com, apiVersion: '2025-01-01' } }
              - bedrock:converse:anthropic.claude-3-haiku-20240307-v1:0
              - ollama:chat:llama3.2:3b
              - { id: openai:gpt-4.1, label: short, env: { OPENAI_API_KEY: own }, delay: 20 }
              - file://more.json
            """ + $"\n{Tests}";
        var (config, problems) = PromptfooReader.Read(
            "p.yaml", name => new MemoryStream(System.Text.Encoding.UTF8.GetBytes(name == "p.yaml" ? text : """[{"id": "echo", "label": "second"}]""")), environment.GetValueOrDefault, PromptfooMode.Strict);
        Assert.Empty(problems);
        Assert.Equal(
            [
                "azure dep https://r.openai.azure.com/openai/deployments 2025-01-01 a", "bedrock anthropic.claude-3-haiku-20240307-v1:0 https://bedrock-runtime.eu-west-1.amazonaws.com/  id",
                "ollama llama3.2:3b http://box:11434/v1  ", "openai gpt-4.1   own", " echo   ",
            ],
            config!.Providers.Select(static each => string.Create(CultureInfo.InvariantCulture, $"{each.Kind} {each.Model} {each.BaseUrl} {each.ApiVersion} {each.ApiKey ?? each.Aws?.KeyId}")));
        Assert.Equal(("second", TimeSpan.FromMilliseconds(20)), (config.Providers[4].Label, config.Providers[3].Delay));
    }

    [Fact]
    public async Task Run_ADeploymentOfAzures_IsAskedAtItsPath()
    {
        _stub.Answers = StubUpstream.Json("""{"id":"1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"x"},"finish_reason":"stop"}]}""");
        var row = Assert.Single(await RunAsync($"{{id: 'azure:chat:dep', config: {{apiBaseUrl: '{_stub.Url}', apiVersion: v9, apiKey: k}}}}"));
        Assert.Equal("x", row.Output);
        Assert.Equal("/openai/deployments/dep/chat/completions?api-version=v9", Assert.Single(_stub.Requests).Target);
    }

    /// <summary>A wait between answers is one row at a time; a provider's own goes before the file's.</summary>
    [Theory]
    [InlineData("echo", "delay: 1000", 1000)]
    [InlineData("{id: echo, delay: 300}", "delay: 1000", 300)]
    public async Task Run_WithADelay_WaitsBetweenRows(string provider, string options, int wait)
    {
        var (clock, rows) = (new ManualClock(), new List<PromptfooRow>());
        using var run = Run(provider, options, clock, "tests: [{vars: {q: ['1', '2', '3']}, assert: [{type: contains, value: say}]}]\n");
        var whole = run.RunAsync(rows.Add, CancellationToken.None);
        for (var i = 1; i <= 3; i++)
        {
            await Waiting.UntilAsync(() => clock.NextDelay is not null && rows.Count == i);
            Assert.Equal(clock.GetUtcNow() + TimeSpan.FromMilliseconds(wait), clock.NextDelay);
            clock.Advance(TimeSpan.FromMilliseconds(wait));
        }

        await whole;
    }

    /// <summary>The clock stands at the beginning of 2026.</summary>
    [Theory]
    [InlineData("7")]
    [InlineData("Thu, 01 Jan 2026 00:00:07 GMT")]
    public async Task Run_AServerThatAsksToWait_IsAskedAgainThen(string after)
    {
        var (clock, rows) = (new ManualClock(), new List<PromptfooRow>());
        _stub.Answers = (context, received) => (_stub.Requests.Count == 1 ? StubUpstream.Json("{}", 429, ("Retry-After", after)) : StubUpstream.Json("\"say\""))(context, received);
        using var run = Run($"{{id: '{_stub.Url}', config: {{body: '{{{{prompt}}}}'}}}}", "maxConcurrency: 1", clock, Tests);
        var whole = run.RunAsync(rows.Add, CancellationToken.None);
        await Waiting.UntilAsync(() => clock.NextDelay is not null);
        Assert.Equal(clock.GetUtcNow() + TimeSpan.FromSeconds(7), clock.NextDelay);
        clock.Advance(TimeSpan.FromSeconds(7));
        await whole;
        Assert.Equal("say", Assert.Single(rows).Output);
    }

    [Fact]
    public async Task Run_LongerThanItsLimit_MakesTheRestErrors()
    {
        var (clock, rows) = (new ManualClock(), new List<PromptfooRow>());
        using var run = Run("{id: echo, delay: 400}", "maxEvalTimeMs: 1000, delay: 1", clock, "tests: [{vars: {q: ['1', '2', '3', '4', '5']}, assert: [{type: contains, value: say}]}]\n");
        var whole = run.RunAsync(rows.Add, CancellationToken.None);
        for (var i = 1; i <= 3; i++)
        {
            await Waiting.UntilAsync(() => clock.NextDelay is not null && rows.Count == i);
            clock.Advance(TimeSpan.FromMilliseconds(400));
        }

        await whole;
        Assert.Equal(5, rows.Count);
        Assert.Equal([true, true, true, false, false], rows.Select(static row => row.IsPass));
        Assert.Equal("The run took longer than evaluateOptions.maxEvalTimeMs, 1000.", rows[4].Error);
    }

    [Fact]
    public void Read_OutputsThatAreNotWritten_AreSaid()
    {
        var (config, problems) = PromptfooRig.Read($"prompts: [a]\nproviders: [echo]\noutputPath: [a.html, out.json]\ncommandLineOptions: {{maxConcurrency: 2}}\nsharing: false\nwriteLatestResults: true\n{Tests}");
        Assert.Equal(["p.yaml:3:14: warning not-written", "p.yaml:4:1: warning not-read"], problems.Select(static problem => string.Join(' ', problem.ToString().Split(' ')[..3]).TrimEnd(':')));
        Assert.Equal("out.json", config!.OutputPath);
    }

    private static PromptfooRun Run(string provider, string options, TimeProvider time, string tests)
    {
        var (config, problems) = PromptfooRig.Read($"prompts: ['say {{{{q}}}}']\nproviders: [{provider}]\nevaluateOptions: {{{options}}}\n{tests}");
        Assert.True(config is not null, string.Join('\n', problems));
        return new PromptfooRun(config, PromptfooMode.Strict, new RunOptions { Concurrency = 4 }, time);
    }

    private static async Task<IReadOnlyList<PromptfooRow>> RunAsync(string provider)
    {
        var (config, problems) = PromptfooRig.Read($"prompts: ['say {{{{q}}}}']\nproviders: [{provider}]\n{Tests}");
        Assert.True(config is not null, string.Join('\n', problems));
        using var run = new PromptfooRun(config, PromptfooMode.Strict, new RunOptions { Concurrency = 2, Retries = 2 }, TimeProvider.System);
        var rows = new List<PromptfooRow>();
        await run.RunAsync(rows.Add, CancellationToken.None);
        return rows;
    }
}
