using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelMigrate.Control.Api;
using ModelMigrate.Core.Api;

namespace ModelMigrate.Tests.Control.Api;

/// <summary>The admin API over real HTTP.</summary>
public sealed class AdminApiTests
{
    private const string Token = ControlBench.Token;

    [Theory]
    [InlineData("GET", "/api/v1/migrations", null, null, null, 401, "token_required")]
    [InlineData("GET", "/api/v1/migrations", "wrong", null, null, 401, "token_required")]
    [InlineData("GET", "/api/v1/migrations", Token, null, null, 200, null)]
    [InlineData("GET", "/api/v1/migrations", Token, "evil.example", null, 421, "host_not_allowed")]
    [InlineData("GET", "/api/v1/migrations", Token, "ops.example", null, 200, null)]
    [InlineData("GET", "/api/v1/migrations", Token, "localhost", null, 200, null)]
    [InlineData("GET", "/api/v1/migrations", Token, null, "https://evil.example", 403, "origin_not_allowed")]
    [InlineData("GET", "/api/v1/migrations", Token, null, "null", 403, "origin_not_allowed")]
    [InlineData("POST", "/api/v1/migrations/MIG-test/start", Token, null, "https://evil.example", 403, "origin_not_allowed")]
    [InlineData("POST", "/api/v1/rollback", null, null, null, 401, "token_required")]
    [InlineData("GET", "/openapi/v1.json", null, null, null, 401, "token_required")]
    [InlineData("GET", "/openapi/v1.json", Token, null, null, 200, null)]
    [InlineData("GET", "/healthz", null, "evil.example", null, 200, null)]
    [InlineData("GET", "/readyz", null, null, null, 200, null)]
    public async Task Call_ByTokenHostAndOrigin_AsTheTableSays(
        string method, string path, string? token, string? host, string? origin, int status, string? code)
    {
        await using var server = await Server.StartAsync("admin: { token: \"${TOKEN}\", hosts: [ops.example] }");
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (method == "POST")
        {
            request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
        }

        if (token is not null)
        {
            request.Headers.Authorization = new("Bearer", token);
        }

        if (host is not null)
        {
            request.Headers.Host = host;
        }

        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        using var answer = await server.Http.SendAsync(request);
        Assert.Equal(status, (int)answer.StatusCode);
        if (code is not null)
        {
            Assert.Equal(code, (await ProblemAsync(answer)).Code);
        }
    }

    [Theory]
    [InlineData("text/plain", "{}", 415, "not_json")]
    [InlineData("application/x-www-form-urlencoded", "reason=x", 415, "not_json")]
    [InlineData("application/json", "{\"migration_id\":", 400, "invalid_body")]
    [InlineData("application/json", "[]", 400, "invalid_body")]
    [InlineData("application/json", "", 400, "invalid_body")]
    [InlineData("application/json", "{}", 400, "invalid_body")]
    [InlineData("application/json", "{\"migration_id\":7}", 400, "invalid_body")]
    [InlineData("application/json", "{\"migration_id\":\"MIG-test\",\"migration_id\":\"MIG-test\"}", 400, "invalid_body")]
    [InlineData("application/json", "{\"migration_id\":\"MIG-none\"}", 404, "migration_not_found")]
    [InlineData("application/json", "{\"migration_id\":\"MIG-test\",\"reason\":\"a\\nb\"}", 400, "invalid_body")]
    [InlineData("application/json; charset=utf-8", "{\"migration_id\":\"MIG-test\"}", 200, null)]
    public async Task Rollback_Body_AsTheTableSays(string type, string body, int status, string? code)
    {
        await using var server = await Server.StartAsync();
        using var content = new StringContent(body, Encoding.UTF8);
        content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(type);
        using var answer = await server.Http.PostAsync("/api/v1/rollback", content);
        Assert.Equal(status, (int)answer.StatusCode);
        if (code is not null)
        {
            Assert.Equal(code, (await ProblemAsync(answer)).Code);
        }
    }

    [Fact]
    public async Task Rollback_ManyMistakes_AllAtOnce()
    {
        await using var server = await Server.StartAsync();
        using var content = new StringContent("""{"migrationId":"MIG-test","reason":7,"actor":["x"]}""", Encoding.UTF8, "application/json");
        using var answer = await server.Http.PostAsync("/api/v1/rollback", content);
        var problem = await ProblemAsync(answer);
        Assert.Equal(4, problem.Errors!.Count);
        Assert.Contains(problem.Errors, error => error.Contains("'migrationId' is not known", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Rollback_TooLargeBody_413()
    {
        await using var server = await Server.StartAsync();
        using var content = new StringContent($$"""{"reason":"{{new string('x', 100_000)}}"}""", Encoding.UTF8, "application/json");
        using var answer = await server.Http.PostAsync("/api/v1/rollback", content);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Equal("body_too_large", (await ProblemAsync(answer)).Code);
    }

    [Theory]
    [InlineData("GET", "/api/v1/nothing", 404, "path_not_found")]
    [InlineData("GET", "/api/v1/migrations/MIG-none", 404, "migration_not_found")]
    [InlineData("GET", "/api/v1/migrations/MIG-none/export", 404, "migration_not_found")]
    [InlineData("POST", "/api/v1/migrations/MIG-test/explode", 404, "verb_not_found")]
    [InlineData("POST", "/api/v1/migrations/MIG-test/approve", 409, "verb_not_allowed")]
    [InlineData("GET", "/api/v1/rollback", 405, "method_not_allowed")]
    [InlineData("DELETE", "/api/v1/migrations/MIG-test", 405, "method_not_allowed")]
    [InlineData("GET", "/api/v1/events?limit=0", 400, "invalid_limit")]
    [InlineData("GET", "/api/v1/events?limit=many", 400, "invalid_limit")]
    public async Task Call_Wrong_ProblemDocument(string method, string path, int status, string code)
    {
        await using var server = await Server.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (method == "POST")
        {
            request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
        }

        using var answer = await server.Http.SendAsync(request);
        Assert.Equal(status, (int)answer.StatusCode);
        var problem = await ProblemAsync(answer);
        Assert.Equal((status, code), (problem.Status, problem.Code));
    }

    [Fact]
    public async Task AdminClient_WholeLife_SaysWhatIsSo()
    {
        await using var server = await Server.StartAsync();
        var client = new AdminClient(server.Http);
        Assert.Equal("planned", (await client.MigrationsAsync()).Value!.Single().Phase);
        Assert.Contains((await client.StatusAsync()).Value!.Disagreements, text => text.Contains("serves its source old", StringComparison.Ordinal));

        var started = (await client.ActAsync("MIG-test", "start", "let us see", "anna")).Value!;
        Assert.Equal(("running(1)", 0.1), (started.Phase, started.Weight));
        Assert.Equal(("anna", "let us see"), (started.Events[0].Actor, started.Events[0].Reason));
        Assert.Equal(0.1, (await client.RoutesAsync()).Value!.Single().Weight);
        Assert.Equal(["new", "old", "spare"], (await client.ModelsAsync()).Value!.Select(model => model.Id));

        await server.Bench.RunAsync(TimeSpan.FromSeconds(5));
        var running = (await client.MigrationAsync("MIG-test")).Value!;
        Assert.True(running.TargetArm.Admitted > 0);
        Assert.Equal(3, (await client.EvidenceAsync("MIG-test")).Value!.Count);

        var rolled = (await client.RollbackAsync("MIG-test", "enough")).Value!;
        Assert.Equal(("rolling_back", 0), (rolled.Phase, rolled.Weight));
        Assert.Equal(0, (await client.RoutesAsync()).Value!.Single().Weight);
        await server.Bench.RunAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(["rolled_back", "rolling_back", "started"], (await client.EventsAsync("MIG-test")).Value!.Select(item => item.Kind));
        Assert.Contains("-  MIG-test:", (await client.ActAsync("MIG-test", "finalize")).Value!.Diff, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_RunningMigration_EveryLineIsJsonWithItsType()
    {
        await using var server = await Server.StartAsync();
        var client = new AdminClient(server.Http);
        await client.ActAsync("MIG-test", "start");
        await server.Bench.RunAsync(TimeSpan.FromSeconds(5));
        await using var body = (await client.ExportAsync("MIG-test")).Value!;
        using var reader = new StreamReader(body);
        var types = new List<string>();
        while (await reader.ReadLineAsync() is { } line)
        {
            using var json = JsonDocument.Parse(line);
            types.Add(json.RootElement.GetProperty("type").GetString()!);
        }

        Assert.Equal(["spec", "state", "event", "block", "tick", "checkpoint"], types.Distinct());
    }

    private static async Task<ProblemView> ProblemAsync(HttpResponseMessage answer)
    {
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        return JsonSerializer.Deserialize(await answer.Content.ReadAsStringAsync(), ApiJson.Default.ProblemView)!;
    }

    private sealed class Server(WebApplication app, ControlBench bench, HttpClient http) : IAsyncDisposable
    {
        public HttpClient Http => http;

        public ControlBench Bench => bench;

        public static async Task<Server> StartAsync(string more = "")
        {
            var bench = await ControlBench.StartAsync(ControlBench.Config(more: more), started: false);
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Services.AddControlApi();
            var app = builder.Build();
            app.MapControl(bench.Plane);
            await app.StartAsync();
            var url = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
            return new Server(app, bench, new HttpClient(new SocketsHttpHandler(), disposeHandler: true) { BaseAddress = new Uri(url) });
        }

        public async ValueTask DisposeAsync()
        {
            http.Dispose();
            await app.DisposeAsync();
            await bench.DisposeAsync();
        }
    }
}
