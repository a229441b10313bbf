using System.Text.Json.Nodes;
using ModelMigrate.Output;
using ModelMigrate.Simulation.Faults;
using ModelMigrate.Tests.App.Commands;

namespace ModelMigrate.Tests.App.Evaluating.Timing;

/// <summary><c>load-test</c> over HTTP against simulated models.</summary>
public sealed class LoadTestCommandTests : ComparisonTests
{
    [Fact]
    public async Task LoadTest_LinesHeldBrokenAndUndecided_ExitSo()
    {
        var model = await Rig.StartAsync(0.9, seed: 1);
        var held = await CliRun.OfAsync($"load-test --target {ComparisonRig.Arm(model)} --rate 200 --requests 120 --min-success 0.99 --max-p95 20s --max-first-token-p99 20s --json");
        Assert.True(held.Code == (int)ExitCode.Ok, held.Error);
        var result = JsonNode.Parse(held.Out)!;
        Assert.Equal(("open", "poisson", 120, 120), (result["report"]!["mode"]!.GetValue<string>(), result["report"]!["arrivals"]!.GetValue<string>(), result["report"]!["requests"]!.GetValue<int>(), result["report"]!["answered"]!.GetValue<int>()));
        Assert.Equal(120, model.Stats.Answered);
        Assert.Equal(["pass", "pass", "pass"], result["check"]!["lines"]!.AsArray().Select(static line => line!["verdict"]!.GetValue<string>()));
        Assert.Contains("About 120 requests. What they cost is not known: the model has no price.", held.Error, StringComparison.Ordinal);

        model.Faults = ComparisonRig.Quick with { ErrorRate = 0.2 };
        var broken = await CliRun.OfAsync($"load-test --target {ComparisonRig.Arm(model)} --rate 200 --requests 120 --min-success 0.99 --max-p95 20s");
        Assert.Equal((int)ExitCode.Negative, broken.Code);
        Assert.Matches(@"Without an answer: \d+ x provider; each counts as 60000 ms or more \(≥\)\.", broken.Out);
        Assert.Contains("p95 is ≥ 60000 ms: breaks p95 <= 20000 ms.", broken.Out, StringComparison.Ordinal);

        model.Faults = ComparisonRig.Quick;
        var few = await CliRun.OfAsync($"load-test --target {ComparisonRig.Arm(model)} --rate 200 --requests 40 --max-p99 20s");
        Assert.Equal((int)ExitCode.Undecided, few.Code);
        Assert.Contains("40 requests are too few for p99 <= 20000 ms, it takes 100.", few.Out, StringComparison.Ordinal);

        model.Faults = FaultSchedule.Default with { Down = true };
        var down = await CliRun.OfAsync($"load-test --target {ComparisonRig.Arm(model)} --rate 200 --requests 1000");
        Assert.Equal((int)ExitCode.Infrastructure, down.Code);
        Assert.Contains("answered none of its first 2", down.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LoadTest_UsersOfAProfile_AskAsManyAsIsWritten()
    {
        var model = await Rig.StartAsync(0.9, seed: 1);
        var run = await CliRun.OfAsync($"load-test --target {ComparisonRig.Arm(model)} --profile users-10 --closed --ramp-up 0s --requests-per-user 5");
        Assert.True(run.Code == (int)ExitCode.Ok, run.Error);
        Assert.Equal(50, model.Stats.Answered);
        Assert.Contains("Users waited for their answers, so a stall kept them from asking", run.Out, StringComparison.Ordinal);
    }
}
