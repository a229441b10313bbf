using System.Net;
using System.Text;
using ModelMigrate.Demo;
using ModelMigrate.Simulation;
using ModelMigrate.Simulation.Faults;
using ModelMigrate.Tests.App.Commands;

namespace ModelMigrate.Tests.EndToEnd;

/// <summary>A rollback asked for during load: nothing starts on the target later than a second after the answer.</summary>
[Trait("kind", "slow")]
public sealed class RollbackUnderLoadTests
{
    private const int Rate = 100;

    [Fact]
    public Task Rollback_ByCommandLine_TargetGetsNothingLater() => RunAsync(async server =>
    {
        var run = await CliRun.OfAsync($"rollback --migration-id {CanaryServer.Migration} --reason drill --server {server}");
        Assert.True(run.Code == 0, run.Error);
    });

    [Fact]
    public Task Rollback_ByApi_TargetGetsNothingLater() => RunAsync(async server =>
    {
        using var http = new HttpClient(new SocketsHttpHandler());
        using var body = new StringContent($$"""{"migration_id":"{{CanaryServer.Migration}}","reason":"drill"}""", Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri(server, "/api/v1/rollback"), body);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
    });

    private static async Task RunAsync(Func<Uri, Task> rollback)
    {
        var time = TimeProvider.System;
        var faults = FaultSchedule.Default with { LatencyMedian = TimeSpan.FromMilliseconds(50) };
        await using var source = await SimulatedProvider.StartAsync(new() { Protocol = SimulationProtocol.OpenAi, Faults = faults }, time);
        await using var target = await SimulatedProvider.StartAsync(new() { Protocol = SimulationProtocol.Anthropic, Faults = faults }, time);
        await using var server = await CanaryServer.StartAsync(source.BaseUrl, target.BaseUrl);
        using var client = new DemoClient(server.Url, "chat", DemoPrompts.Load(), Rate, time);
        using var stop = new CancellationTokenSource();
        var load = client.RunAsync(stop.Token);
        while (target.Stats.Started < 100)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), time);
        }

        await rollback(server.Url);
        var answered = time.GetUtcNow();
        await Task.Delay(TimeSpan.FromSeconds(4), time);
        await stop.CancelAsync();
        await load;

        Assert.Equal(0, target.Stats.StartedBetween(answered + TimeSpan.FromSeconds(1), DateTimeOffset.MaxValue));
        Assert.True(source.Stats.StartedBetween(answered + TimeSpan.FromSeconds(1), DateTimeOffset.MaxValue) > Rate, "the load did not go on");
        Assert.Equal(0, client.Tally.UserErrors);
    }
}
