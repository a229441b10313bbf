using System.Text;
using System.Text.Json;
using ModelMigrate.Core.Api;

namespace ModelMigrate.Tests.Control.Api;

/// <summary>The admin API over real HTTP.</summary>
public sealed class AdminApiTests
{
    [Fact]
    public async Task Rollback_ManyMistakes_AllAtOnce()
    {
        await using var server = await ControlServer.StartAsync();
        using var content = new StringContent("""{"migrationId":"MIG-test","reason":7,"actor":["x"]}""", Encoding.UTF8, "application/json");
        using var answer = await server.Http.PostAsync("/api/v1/rollback", content);
        var problem = await ProblemAsync(answer);
        Assert.Equal(4, problem.Errors!.Count);
        Assert.Contains(problem.Errors, error => error.Contains("'migrationId' is not known", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AdminClient_WholeLife_SaysWhatIsSo()
    {
        await using var server = await ControlServer.StartAsync();
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
        Assert.Equal(4, (await client.EvidenceAsync("MIG-test")).Value!.Count);

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
        await using var server = await ControlServer.StartAsync();
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
}
