using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using ModelMigrate.Serving;
using ModelMigrate.Simulation;
using ModelMigrate.Simulation.Faults;
using ModelMigrate.Tests.App.Commands;

namespace ModelMigrate.Tests.App.Serving;

public sealed class ServeTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("model-migrate-serve-");

    [Fact]
    public async Task TryStart_DataHeldByAnother_NamesTheHolderWithThree()
    {
        await using var first = await StartAsync(Config());
        var (second, fault) = await TryStartAsync(Config());
        Assert.Null(second);
        Assert.Equal(3, fault!.ExitCode);
        Assert.Contains($"process {Environment.ProcessId}", string.Concat(fault.Problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://0.0.0.0:0")]
    [InlineData("http://*:0")]
    public async Task TryStart_BeyondLoopbackWithoutKeys_IsRefusedBeforeTheJournalIsTouched(string url)
    {
        var (server, fault) = await TryStartAsync(Config(), url);
        Assert.Null(server);
        Assert.Equal(2, fault!.ExitCode);
        Assert.Contains("admin.token", string.Concat(fault.Problems), StringComparison.Ordinal);
        Assert.Contains("clientKeys", string.Concat(fault.Problems), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder.FullName, "data")));
    }

    [Fact]
    public async Task TryStart_PortTaken_SaysSoWithThreeBeforeTheJournalIsTouched()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var (server, fault) = await TryStartAsync(Config(), $"http://{taken.LocalEndpoint}");
        Assert.Null(server);
        Assert.Equal(3, fault!.ExitCode);
        Assert.Contains("--urls", Assert.Single(fault.Problems), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder.FullName, "data")));
    }

    [Fact]
    public async Task TryStart_BrokenConfiguration_SaysEveryProblemWithTwo()
    {
        var run = await CliRun.OfAsync($"serve --config {Config("providers:\n  a: { kind: nonsense }\nroutez: {}\n")} --urls http://127.0.0.1:0 --data {_folder.FullName}/data");
        Assert.Equal(2, run.Code);
        Assert.Contains("nonsense", run.Error, StringComparison.Ordinal);
        Assert.Contains("routez", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AdminUrls_Separate_KeepApiAndGatewayApart()
    {
        await using var server = await StartAsync(Config(), "http://127.0.0.1:0", "http://127.0.0.1:0");
        Assert.NotEqual(server.Url, server.AdminUrl);
        foreach (var (path, onGateway, onAdmin) in new[]
                 {
                     ("/v1/models", 200, 404), ("/api/v1/status", 404, 200), ("/metrics", 404, 200), ("/openapi/v1.json", 404, 200),
                     ("/healthz", 200, 200), ("/readyz", 200, 200),
                 })
        {
            Assert.Equal((path, onGateway, onAdmin), (path, await StatusAsync(server.Url, path), await StatusAsync(server.AdminUrl, path)));
        }
    }

    [Fact]
    public async Task OpenApi_Asked_DescribesTheAdminApiAtTheAddressThatWasAsked()
    {
        await using var server = await StartAsync(Config(), "http://127.0.0.1:0", "http://127.0.0.1:0");
        using var http = new HttpClient(new SocketsHttpHandler());
        using var answer = await http.GetAsync(new Uri(server.AdminUrl, "/openapi/v1.json"));
        Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
        using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal("ModelMigrate admin API", document.RootElement.GetProperty("info").GetProperty("title").GetString());
        Assert.Equal(server.AdminUrl.ToString(), document.RootElement.GetProperty("servers")[0].GetProperty("url").GetString());
        Assert.Equal(
            [
                "/api/v1/events", "/api/v1/migrations", "/api/v1/migrations/{id}", "/api/v1/migrations/{id}/evidence", "/api/v1/migrations/{id}/export",
                "/api/v1/migrations/{id}/report", "/api/v1/migrations/{id}/runbook", "/api/v1/migrations/{id}/{verb}", "/api/v1/models", "/api/v1/rollback",
                "/api/v1/routes", "/api/v1/routes/{id}/traffic", "/api/v1/status",
            ],
            document.RootElement.GetProperty("paths").EnumerateObject().Select(path => path.Name).Order(StringComparer.Ordinal));
        Assert.True(document.RootElement.GetProperty("components").GetProperty("schemas").TryGetProperty("StatusView", out _));
    }

    [Fact]
    public async Task Metrics_AfterARequest_HoldTheGatewaysCounts()
    {
        await using var provider = await SimulatedProvider.StartAsync(
            new() { Protocol = SimulationProtocol.OpenAi, Faults = FaultSchedule.Default with { LatencyMedian = TimeSpan.Zero } }, TimeProvider.System);
        await using var server = await StartAsync(Config($"providers:\n  p: {{ kind: openai, baseUrl: \"{provider.BaseUrl}\" }}\nmodels:\n  metered-model: p\nroutes:\n  chat: metered-model\n"));
        using var http = new HttpClient(new SocketsHttpHandler());
        using var body = new StringContent("""{"model":"chat","messages":[{"role":"user","content":"hi"}]}""", Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri(server.Url, "/v1/chat/completions"), body);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var metrics = await http.GetAsync(new Uri(server.AdminUrl, "/metrics"));
        Assert.Equal("text/plain", metrics.Content.Headers.ContentType!.MediaType);
        var text = await metrics.Content.ReadAsStringAsync();
        Assert.Matches("""model_migrate_requests_total\{[^}]*model="metered-model"[^}]*\} 1\n""", text);
        Assert.Matches("""gen_ai_client_operation_duration_seconds_bucket\{[^}]*model="metered-model"[^}]*le="0\.25"\}""", text);
    }

    [Fact]
    public async Task Run_Stopped_NotReadyWhileTheLastAnswerEnds()
    {
        await using var provider = await SimulatedProvider.StartAsync(
            new() { Protocol = SimulationProtocol.OpenAi, Faults = FaultSchedule.Default with { LatencyMedian = TimeSpan.FromSeconds(1), LatencySigma = 0 } }, TimeProvider.System);
        await using var server = await StartAsync(Config($"providers:\n  p: {{ kind: openai, baseUrl: \"{provider.BaseUrl}\" }}\nmodels:\n  m: p\nroutes:\n  chat: m\n"));
        using var http = new HttpClient(new SocketsHttpHandler());
        using var body = new StringContent("""{"model":"chat","messages":[{"role":"user","content":"hi"}]}""", Encoding.UTF8, "application/json");
        using var stop = new CancellationTokenSource();
        var run = server.RunAsync(stop.Token);
        var pending = http.PostAsync(new Uri(server.Url, "/v1/chat/completions"), body);
        while (provider.Stats.Started == 0)
        {
            await Task.Yield();
        }

        Assert.Equal(200, await StatusAsync(server.AdminUrl, "/readyz"));
        await stop.CancelAsync();
        Assert.Equal(503, await StatusAsync(server.AdminUrl, "/readyz"));
        Assert.Equal(200, await StatusAsync(server.AdminUrl, "/healthz"));
        Assert.False(run.IsCompleted);
        using var answer = await pending;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await run;
    }

    [Fact]
    public async Task Describe_Start_NamesListenersRoutesAndMigrations()
    {
        await using var server = await StartAsync(Config());
        var lines = string.Join('\n', server.Describe());
        Assert.Contains(server.Url.ToString().TrimEnd('/') + "/v1", lines, StringComparison.Ordinal);
        Assert.Contains("chat -> old-model", lines, StringComparison.Ordinal);
        Assert.Contains("MIG-first", lines, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string Config(string? text = null)
    {
        var file = Path.Combine(_folder.FullName, "model-migrate.yaml");
        File.WriteAllText(file, text ?? File.ReadAllText(Path.Combine(Architecture.Source.Root, "samples/first-migration/model-migrate.yaml")));
        return file;
    }

    private async Task<RunningServer> StartAsync(string config, string url = "http://127.0.0.1:0", params string[] adminUrls)
    {
        var (server, fault) = await TryStartAsync(config, url, adminUrls);
        Assert.True(server is not null, string.Join('\n', fault?.Problems ?? []));
        return server!;
    }

    private Task<(RunningServer? Server, ServeFault? Fault)> TryStartAsync(string config, string url = "http://127.0.0.1:0", params string[] adminUrls) =>
        RunningServer.TryStartAsync(
            new ServeOptions { ConfigFile = config, Urls = [url], AdminUrls = adminUrls, DataDirectory = Path.Combine(_folder.FullName, "data") },
            TimeProvider.System, CancellationToken.None);

    private static async Task<int> StatusAsync(Uri server, string path)
    {
        using var http = new HttpClient(new SocketsHttpHandler());
        using var answer = await http.GetAsync(new Uri(server, path));
        return (int)answer.StatusCode;
    }
}
