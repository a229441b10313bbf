using ModelMigrate.Demo;
using ModelMigrate.Simulation;
using ModelMigrate.Simulation.Faults;

namespace ModelMigrate.Tests.App.Demo;

/// <summary>The client is the demo's witness: it must see every kind of failure that a user would see.</summary>
public sealed class DemoClientTests
{
    [Fact]
    public async Task Run_HealthyProvider_NoUserErrors()
    {
        var tally = await RunAsync(faults => faults);
        Assert.True(tally.Finished > 20, $"only {tally.Finished} requests");
        Assert.Equal(0, tally.UserErrors);
    }

    [Theory]
    [InlineData("error_rate", "status 5")]
    [InlineData("throttle_rate", "status 429")]
    [InlineData("cut_rate", "transport error")]
    [InlineData("malformed_rate", "")]
    public async Task Run_EveryAnswerFaulty_EveryRequestIsAUserError(string fault, string expected)
    {
        var tally = await RunAsync(faults => FaultField.ByName[fault].Apply(faults, "1")!);
        Assert.True(tally.Finished > 20, $"only {tally.Finished} requests");
        Assert.Equal(tally.Finished, tally.UserErrors);
        Assert.Contains(tally.Errors.Keys, seen => seen.StartsWith(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void Request_EveryOther_IsStreamedAndEveryUserIsDistinct()
    {
        var prompts = DemoPrompts.Load();
        Assert.True(prompts.Count >= 50);
        var requests = Enumerable.Range(0, 200).Select(n => SimulatedRequest.TryRead(SimulationProtocol.OpenAi, prompts.Request(n, "chat"), out _)!).ToList();
        Assert.Equal(100, requests.Count(r => r.Stream && r.IncludeUsage));
        Assert.Equal(200, requests.Select(r => r.User).Distinct().Count());
    }

    private static async Task<DemoTally> RunAsync(Func<FaultSchedule, FaultSchedule> faults)
    {
        await using var provider = await SimulatedProvider.StartAsync(
            new SimulationOptions
            {
                Protocol = SimulationProtocol.OpenAi,
                Faults = faults(FaultSchedule.Default with { LatencyMedian = TimeSpan.FromMilliseconds(5) }),
            },
            TimeProvider.System);
        using var client = new DemoClient(provider.Address, "chat", DemoPrompts.Load(), 500, TimeProvider.System);
        using var stop = new CancellationTokenSource();
        var run = client.RunAsync(stop.Token);
        while (client.Tally.Finished <= 20)
        {
            await Task.Yield();
        }

        await stop.CancelAsync();
        await run;
        return client.Tally;
    }
}
