using System.Text.Json.Nodes;
using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Control.Evaluation.Promptfoo;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Promptfoo;
using ModelMigrate.Core.Promptfoo.Reading;
using ModelMigrate.Providers.Anthropic;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.App.Evaluating.Promptfoo;

/// <summary>Models of Vertex AI: where each is asked, in which protocol, and with whose token or key.</summary>
public sealed class PromptfooVertexTests : IAsyncLifetime
{
    private const string Tests = "tests: [{vars: {q: a}, assert: [{type: contains, value: says}]}, {vars: {q: b}, assert: [{type: contains, value: says}]}]\n";

    private readonly VertexStub _vertex = new();
    private StubUpstream _stub = null!;

    private string Root => _stub.Url.ToString().TrimEnd('/');

    public async Task InitializeAsync() => _stub = await StubUpstream.StartAsync(_vertex.AnswerAsync);

    public async Task DisposeAsync() => await _stub.DisposeAsync();

    /// <summary>What is written, what the environment has, and what comes of it: protocol, model, address, the key or t for tokens, and whether prices are known.</summary>
    [Theory]
    [InlineData("vertex:gemini-2.5-pro", "GOOGLE_CLOUD_PROJECT=p", "gemini gemini-2.5-pro https://aiplatform.googleapis.com/v1/projects/p/locations/global/publishers/google t True")]
    [InlineData("{id: 'vertex:chat:gemini-2.5-pro', config: {projectId: q, region: europe-west4, apiVersion: v1beta1, publisher: own}}", "GOOGLE_CLOUD_PROJECT=p", "gemini gemini-2.5-pro https://europe-west4-aiplatform.googleapis.com/v1beta1/projects/q/locations/europe-west4/publishers/own t True")]
    [InlineData("vertex:claude-sonnet-4-5@20250929", "VERTEX_PROJECT_ID=v GOOGLE_CLOUD_PROJECT=p GOOGLE_API_KEY=k", "anthropic claude-sonnet-4-5@20250929 https://aiplatform.googleapis.com/v1/projects/v/locations/global/publishers/anthropic t True")]
    [InlineData("{id: 'vertex:claude-sonnet-4-5', config: {region: us-east5}}", "GCLOUD_PROJECT=g", "anthropic claude-sonnet-4-5 https://us-east5-aiplatform.googleapis.com/v1/projects/g/locations/us-east5/publishers/anthropic t False")]
    [InlineData("vertex:llama-3.3-70b-instruct-maas", "GOOGLE_PROJECT_ID=p", "openai meta/llama-3.3-70b-instruct-maas https://us-central1-aiplatform.googleapis.com/v1beta1/projects/p/locations/us-central1/endpoints/openapi t False")]
    [InlineData("vertex:gemini-2.5-flash", "GOOGLE_API_KEY=k", "gemini gemini-2.5-flash https://us-central1-aiplatform.googleapis.com/v1/publishers/google k True")]
    [InlineData("{id: 'vertex:gemini-2.5-flash', config: {apiKey: '{{env.MINE}}', region: global}}", "MINE=m VERTEX_API_KEY=k", "gemini gemini-2.5-flash https://aiplatform.googleapis.com/v1/publishers/google m True")]
    [InlineData("{id: 'vertex:gemini-2.5-flash', config: {expressMode: false}}", "GOOGLE_API_KEY=k GOOGLE_CLOUD_PROJECT=p GOOGLE_CLOUD_LOCATION=us-east1", "gemini gemini-2.5-flash https://us-east1-aiplatform.googleapis.com/v1/projects/p/locations/us-east1/publishers/google t True")]
    [InlineData("{id: 'vertex:gemini-2.5-flash', config: {apiHost: 'proxy.test:8080', projectId: p}}", "", "gemini gemini-2.5-flash https://proxy.test:8080/v1/projects/p/locations/global/publishers/google t False")]
    [InlineData("{id: 'vertex:gemini-2.5-flash', config: {keyFilename: key.json}}", "GOOGLE_API_KEY=k", "gemini gemini-2.5-flash https://aiplatform.googleapis.com/v1/projects/own-project/locations/global/publishers/google t True")]
    [InlineData("{id: 'vertex:gemini-2.5-flash', config: {credentials: 'file://key.json'}}", "", "gemini gemini-2.5-flash https://aiplatform.googleapis.com/v1/projects/own-project/locations/global/publishers/google t True")]
    [InlineData("vertex:gemini-2.5-flash", "GOOGLE_APPLICATION_CREDENTIALS=key.json", "gemini gemini-2.5-flash https://aiplatform.googleapis.com/v1/projects/own-project/locations/global/publishers/google t True")]
    [InlineData("google:gemini-2.5-flash", "GOOGLE_API_KEY=k GEMINI_API_KEY=g", "gemini gemini-2.5-flash  k True")]
    public void Read_AModelOfVertex_IsItsAddressAndAccess(string provider, string environment, string expected)
    {
        var (config, problems) = Read(provider, environment);
        Assert.True(config is not null, string.Join('\n', problems));
        var read = Assert.Single(config.Providers);
        Assert.Equal(expected, $"{read.Kind} {read.Model} {read.BaseUrl} {read.ApiKey ?? (read.Google is null ? "" : "t")} {read.IsPriced}");
    }

    [Theory]
    [InlineData("vertex:gemini-2.5-pro", "", "p.yaml:2:13: error missing-key", "set GOOGLE_CLOUD_PROJECT")]
    [InlineData("vertex:text-bison", "GOOGLE_CLOUD_PROJECT=p", "p.yaml:2:13: error unknown-provider", "a gemini, claude or llama model")]
    [InlineData("vertex:embedding:text-embedding-005", "GOOGLE_CLOUD_PROJECT=p", "p.yaml:2:13: error unknown-provider", "a gemini, claude or llama model")]
    [InlineData("{id: 'vertex:llama-3', config: {region: europe-west1}}", "GOOGLE_CLOUD_PROJECT=p", "p.yaml:2:53: error bad-value", "region: us-central1")]
    [InlineData("{id: 'vertex:gemini-2', config: {region: 'a b/c?d'}}", "GOOGLE_CLOUD_PROJECT=p", "p.yaml:2:54: error bad-url", "region: europe-west4")]
    [InlineData("{id: 'vertex:gemini-2', config: {keyFilename: none.json}}", "", "p.yaml:2:59: error file-missing", "Correct its name")]
    [InlineData("{id: 'vertex:gemini-2', config: {keyFilename: bad.json}}", "", "p.yaml:2:59: error bad-credentials", "service_account, authorized_user")]
    [InlineData("{id: 'vertex:gemini-2', config: {credentials: {type: service_account, client_email: a}}}", "GOOGLE_CLOUD_PROJECT=p", "p.yaml:2:59: error bad-credentials", "lack private_key")]
    [InlineData("{id: 'vertex:gemini-2', config: {scopes: [a]}}", "GOOGLE_CLOUD_PROJECT=p", "p.yaml:2:46: error not-run", "Tokens are for cloud-platform")]
    [InlineData("{id: 'openai:gpt-4.1', config: {projectId: a}}", "", "p.yaml:2:45: error unknown-key", "projectId")]
    public void Read_AModelOfVertexThatCannotBeAsked_IsRefusedWithItsPlace(string provider, string environment, string place, string says)
    {
        var (config, problems) = Read(provider, environment);
        Assert.Null(config);
        Assert.True(problems.Any(problem => problem.ToString().Contains(place, StringComparison.Ordinal) && problem.ToString().Contains(says, StringComparison.Ordinal)), string.Join('\n', problems));
    }

    /// <summary>One token serves every row; the model stands in the path, and the version of Claude's protocol in the body.</summary>
    [Theory]
    [InlineData("gemini-2.5-flash", "/v1/projects/own-project/locations/global/publishers/google/models/gemini-2.5-flash:generateContent", "says gemini", true)]
    [InlineData("claude-sonnet-4-5@1", "/v1/projects/own-project/locations/global/publishers/anthropic/models/claude-sonnet-4-5%401:rawPredict", "says claude", false)]
    [InlineData("llama-3.3-70b", "/v1beta1/projects/own-project/locations/us-central1/endpoints/openapi/chat/completions", "says llama", false)]
    public async Task Run_WithAServiceAccount_AsksWithItsToken(string model, string target, string says, bool isGemini)
    {
        var rows = await RunAsync($"{{id: 'vertex:{model}', config: {{apiHost: '{Root}', credentials: 'file://key.json', temperature: 0.5, max_tokens: 9}}}}");
        Assert.All(rows, row => Assert.True(row.IsPass && row.Output == says, row.Error));
        Assert.Equal((7, 3), (rows[0].InputTokens, rows[0].OutputTokens));
        var claim = Assert.Single(_vertex.Claims);
        Assert.Equal(("robot@own-project.iam.gserviceaccount.com", "https://www.googleapis.com/auth/cloud-platform", "https://oauth2.googleapis.com/token"), ((string?)claim["iss"], (string?)claim["scope"], (string?)claim["aud"]));
        var asked = _stub.Requests.Where(static request => request.Path != "/token").ToList();
        Assert.Equal(2, asked.Count);
        Assert.All(asked, request => Assert.Equal((target, "Bearer token 1", false, false), (request.Target, request.Headers["Authorization"], request.Headers.ContainsKey("x-goog-api-key"), request.Headers.ContainsKey("x-api-key"))));
        var body = JsonNode.Parse(asked[0].Text)!;
        Assert.Equal(
            isGemini ? ("user", null, null) : model.StartsWith("claude", StringComparison.Ordinal) ? (null, null, "vertex-2023-10-16") : (null, "meta/llama-3.3-70b", (string?)null),
            ((string?)body["contents"]?[0]!["role"], (string?)body["model"], (string?)body["anthropic_version"]));
    }

    [Fact]
    public async Task Run_WithAKey_AsksWithoutAToken()
    {
        var rows = await RunAsync($"{{id: 'vertex:gemini-2.5-flash', config: {{apiHost: '{Root}', apiKey: k1}}}}");
        Assert.All(rows, static row => Assert.Equal("says gemini", row.Output));
        Assert.All(_stub.Requests, static request => Assert.Equal(("/v1/publishers/google/models/gemini-2.5-flash:generateContent", "k1", false), (request.Target, request.Headers["x-goog-api-key"], request.Headers.ContainsKey("Authorization"))));
    }

    /// <summary>A refusal is of the configuration, and a failure of Google's one in passing; neither tells a secret.</summary>
    [Theory]
    [InlineData(400, "configuration: The provider 'gemini' cannot be asked: Google Cloud gives no token: ", "Account is gone")]
    [InlineData(401, "configuration: The provider 'gemini' cannot be asked: Google Cloud gives no token: ", "invalid_grant")]
    [InlineData(500, "connection: The provider 'gemini' could not be reached: ", "invalid_grant")]
    public async Task Run_WithoutAToken_IsAnErrorThatSaysWhy(int status, string begins, string says)
    {
        _vertex.Status = status;
        var rows = await RunAsync($"{{id: 'vertex:gemini-2.5-flash', config: {{apiHost: '{Root}', credentials: 'file://key.json'}}}}");
        Assert.All(rows, row =>
        {
            Assert.StartsWith(begins, row.Error, StringComparison.Ordinal);
            Assert.Contains(says, row.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("PRIVATE", row.Error, StringComparison.Ordinal);
        });
        Assert.All(_stub.Requests, static request => Assert.Equal("/token", request.Path));
    }

    [Fact]
    public async Task Run_WithAKeyThatIsNone_IsAnErrorThatSaysSo()
    {
        var rows = await RunAsync($"{{id: 'vertex:gemini-2.5-flash', config: {{apiHost: '{Root}', projectId: p, credentials: {{type: service_account, client_email: a, private_key: secret}}}}}}");
        Assert.All(rows, static row => Assert.StartsWith("configuration: The provider 'gemini' cannot be asked: Google Cloud gives no token: ", row.Error, StringComparison.Ordinal));
        Assert.All(rows, static row => Assert.DoesNotContain("secret", row.Error, StringComparison.Ordinal));
        Assert.Empty(_stub.Requests);
    }

    /// <summary>The program itself, as on a machine of Google Cloud's: nothing names credentials, so its metadata server is asked.</summary>
    [Fact]
    public async Task Command_WithoutCredentials_AsksTheMachinesMetadataServer()
    {
        var folder = Directory.CreateTempSubdirectory("mm-vertex-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "p.yaml"), $"prompts: ['{{{{q}}}}']\nproviders: [{{id: 'vertex:gemini-2.5-flash', config: {{apiHost: '{Root}', projectId: p}}}}]\n{Tests}");
            var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["GCE_METADATA_HOST"] = _stub.Url.Authority, ["HOME"] = folder.FullName, ["GOOGLE_APPLICATION_CREDENTIALS"] = "" };
            await using var program = ChildProcess.Start("dotnet", [ChildProcess.ModelMigrate, "evaluate-promptfoo", "-c", Path.Combine(folder.FullName, "p.yaml")], environment);
            Assert.True(await program.WaitForExitAsync(TimeSpan.FromMinutes(1)) == 0, program.Output);
            Assert.Contains("2 passed", program.Output, StringComparison.Ordinal);
            Assert.All(_stub.Requests.Where(static request => request.Method == "POST"), static request => Assert.Equal("Bearer of the machine", request.Headers["Authorization"]));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Vertex has an address for streams of its own, where others are told in the body.</summary>
    [Theory]
    [InlineData(false, "https://v.test/p/models/c%401:rawPredict")]
    [InlineData(true, "https://v.test/p/models/c%401:streamRawPredict")]
    public void ChatUri_AClaudeOfVertex_HasItsModelAndWhetherItStreams(bool stream, string expected)
    {
        var provider = new ProviderSnapshot { Id = new ProviderId("v"), Kind = ProviderKind.Anthropic, BaseUrl = new Uri("https://v.test/p"), Google = new GoogleAccess(Credentials: null) };
        var model = new ModelSnapshot { Id = new ModelId("m"), Name = "c@1", Provider = provider, Fingerprint = "m" };
        Assert.Equal(expected, AnthropicProtocol.ChatUri(model, stream).AbsoluteUri);
    }

    /// <summary>A judge is a model as any other.</summary>
    [Fact]
    public async Task Run_AJudgeOfVertex_IsAskedWithATokenToo()
    {
        var (config, problems) = Read("echo", "", $"tests: [{{vars: {{q: a}}, options: {{provider: {{id: 'vertex:gemini-2.5-flash', config: {{apiHost: '{Root}', credentials: 'file://key.json'}}}}}}, assert: [{{type: llm-rubric, value: good}}]}}]\n");
        Assert.True(config is not null, string.Join('\n', problems));
        var row = Assert.Single(await RunAsync(config));
        Assert.Contains("no verdict", row.Error, StringComparison.Ordinal);
        Assert.All(_stub.Requests.Where(static request => request.Path != "/token"), static request => Assert.Equal("Bearer token 1", request.Headers["Authorization"]));
    }

    private (PromptfooConfig? Config, IReadOnlyList<ModelMigrate.Core.Configuration.Reading.ConfigProblem> Problems) Read(string provider, string environment, string tests = Tests)
    {
        var variables = environment.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static each => each.Split('=')).ToDictionary(static each => each[0], static each => each[1], StringComparer.Ordinal);
        var files = new Dictionary<string, string>(StringComparer.Ordinal) { ["p.yaml"] = $"prompts: ['{{{{q}}}}']\nproviders: [{provider}]\n{tests}", ["key.json"] = VertexStub.Credentials(Root), ["bad.json"] = "{\"installed\": {}}" };
        return PromptfooReader.Read("p.yaml", name => files.TryGetValue(name, out var text) ? new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)) : null, variables.GetValueOrDefault, PromptfooMode.Strict);
    }

    private async Task<IReadOnlyList<PromptfooRow>> RunAsync(string provider)
    {
        var (config, problems) = Read(provider, "");
        Assert.True(config is not null, string.Join('\n', problems));
        return await RunAsync(config);
    }

    private static async Task<IReadOnlyList<PromptfooRow>> RunAsync(PromptfooConfig config)
    {
        using var run = new PromptfooRun(config, PromptfooMode.Strict, new RunOptions { Concurrency = 1, Retries = 0 }, TimeProvider.System);
        var rows = new List<PromptfooRow>();
        await run.RunAsync(rows.Add, CancellationToken.None);
        return rows;
    }
}
