using ModelMigrate.Demo;
using ModelMigrate.Output;
using ModelMigrate.Tests.App.Commands;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.App.Demo;

/// <summary>
/// Every scenario of the demo on a driven clock, through real HTTP: the client, the gateway with its controller and both providers
/// share one clock, which stands still while any request is on its way. What is measured is therefore not the speed of the machine.
/// </summary>
[Trait("kind", "slow")]
public sealed class DrivenDemoTests
{
    /// <summary>Driven time may not run faster than this many times real time: work that waits for a thread must find one.</summary>
    private const int MostSpeed = 20;

    // A retry waits on the clock as well; seen as a request that does not get on.
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan s_mostStep = TimeSpan.FromMilliseconds(5);

    [Theory]
    [InlineData("Healthy")]
    [InlineData("Errors")]
    [InlineData("Slow")]
    [InlineData("Malformed")]
    [InlineData("Outage")]
    [InlineData("BothOutage")]
    public async Task Demo_ScenarioOnADrivenClock_EndsAsItMust(string name)
    {
        var scenario = Enum.Parse<DemoScenario>(name);
        var clock = new ManualClock();
        var demo = new DemoRun(new DemoOptions { Scenario = scenario }, clock);
        var terminal = new Terminal(TextWriter.Null, TextWriter.Null, live: false, static _ => null, clock);
        var running = Task.Run(() => demo.RunAsync(new DemoScreen(terminal, TextWriter.Null, live: false), CancellationToken.None));
        Drive(clock, demo, running);
        var result = await running ?? throw new InvalidOperationException(string.Join('\n', demo.Fault!.Problems));
        var seen = $"{result}";
        Assert.True(result.Requests > 500, seen);
        Assert.Equal(result.Unanswered, result.UserErrors);
        var judged = await CliRun.OfAsync($"judge --observations {result.Export}");
        Assert.True(judged.Code == 0, judged.Out + judged.Error);
        Assert.DoesNotContain("DIFFERENT", judged.Out, StringComparison.Ordinal);
        Assert.Contains(result.Outcome == "running" ? "end: " : "evidence the same bit for bit", judged.Out, StringComparison.Ordinal);
        switch (scenario)
        {
            case DemoScenario.Healthy:
                Assert.Equal("completed", result.Outcome);
                Assert.Equal(0, result.UserErrors);
                break;
            case DemoScenario.BothOutage:
                Assert.NotEqual("rolled_back", result.Outcome);
                Assert.True(result.UserErrors > 0, seen);
                break;
            case DemoScenario.Errors or DemoScenario.Slow or DemoScenario.Malformed or DemoScenario.Outage:
                Assert.True(result.Outcome == "rolled_back", seen);
                Assert.Equal(0, result.UserErrors);
                Assert.InRange(result.ExposedBeforeRollback ?? 0, 1, 99);
                break;
        }
    }

    private static void Drive(ManualClock clock, DemoRun demo, Task running)
    {
        var stuckSince = TimeProvider.System.GetTimestamp();
        while (!running.IsCompleted)
        {
            if (demo.InTransit > 0 && TimeProvider.System.GetElapsedTime(stuckSince) < s_patience)
            {
                Thread.Yield();
                continue;
            }

            var step = clock.NextTimer - clock.GetUtcNow() is { } next && next < s_mostStep ? next : s_mostStep;
            var began = TimeProvider.System.GetTimestamp();
            clock.Advance(step);
            while (TimeProvider.System.GetElapsedTime(began) * MostSpeed < step)
            {
                Thread.Yield();
            }

            stuckSince = TimeProvider.System.GetTimestamp();
        }
    }
}
