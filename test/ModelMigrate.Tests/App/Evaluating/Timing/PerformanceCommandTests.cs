using System.Text.Json.Nodes;
using ModelMigrate.Output;
using ModelMigrate.Simulation.Faults;
using ModelMigrate.Tests.App.Commands;

namespace ModelMigrate.Tests.App.Evaluating.Timing;

/// <summary><c>performance</c> over HTTP against simulated models.</summary>
public sealed class PerformanceCommandTests : ComparisonTests
{
    [Fact]
    public async Task Performance_TwoModels_MeasuresEveryBatchOfBoth()
    {
        var (old, target) = (await Rig.StartAsync(0.9, seed: 1), await Rig.StartAsync(0.9, seed: 2));
        target.Faults = ComparisonRig.Quick with { LatencyMedian = TimeSpan.FromMilliseconds(60), LatencySigma = 0, TokensPerSecond = 200 };
        var run = await CliRun.OfAsync($"performance --source {ComparisonRig.Arm(old)} --target {ComparisonRig.Arm(target)} --warmup 1 --iterations 3 --batch-sizes 1,2 --json");

        Assert.True(run.Code == (int)ExitCode.Ok, run.Error);
        Assert.Equal((12, 12), (old.Stats.Answered, target.Stats.Answered));
        var models = JsonNode.Parse(run.Out)!["models"]!.AsArray();
        Assert.Equal(["source", "target"], models.Select(static model => model!["role"]!.GetValue<string>()));
        var batch = models[1]!["batches"]![1]!;
        Assert.Equal((2, 3, 6, 6), (Number("batch"), Number("rounds"), Number("calls"), Number("answered")));
        // The simulated wait is a timer's, and those may be early by a millisecond.
        Assert.True(batch["first_token"]![0]!["ms"]!.GetValue<double>() >= 59, batch.ToJsonString());
        Assert.InRange(batch["inter_token"]![0]!["ms"]!.GetValue<double>(), 3, 50);
        Assert.True(batch["latency"]![0]!["ms"]!.GetValue<double>() >= batch["first_token"]![0]!["ms"]!.GetValue<double>());
        Assert.True(batch["tokens_per_second"]!.GetValue<double>() > 0);
        Assert.Contains("24 calls. What they cost is not known: a model has no price.", run.Error, StringComparison.Ordinal);
        Assert.Contains("A p99 has an upper bound from 368 calls on", run.Error, StringComparison.Ordinal);

        int Number(string field) => batch[field]!.GetValue<int>();
    }

    [Fact]
    public async Task Performance_SomeCallsFail_AreShownAndKept()
    {
        var model = await Rig.StartAsync(0.9, seed: 1);
        model.Faults = ComparisonRig.Quick with { ErrorRate = 0.3 };
        var run = await CliRun.OfAsync($"performance --target {ComparisonRig.Arm(model)} --warmup 0 --iterations 30 --batch-sizes 1");

        Assert.Equal((int)ExitCode.Ok, run.Code);
        Assert.Contains("≥ 60000", run.Out, StringComparison.Ordinal);
        Assert.Matches(@"batch 1: \d+ of 30 calls failed \(\d+ x provider\)\.", run.Out);
    }

    [Fact]
    public async Task Performance_CostLimitAndNobodyThere_AreNotMeasured()
    {
        var model = await Rig.StartAsync(0.9, seed: 1);
        var config = await Rig.ConfigAsync(model, model);
        var poor = await CliRun.OfAsync($"performance --target new --config {config} --max-cost 0.003 --max-tokens 1000 --batch-sizes 1");
        Assert.Equal((int)ExitCode.Undecided, poor.Code);
        Assert.Contains("55 calls, at most $0.11", poor.Out, StringComparison.Ordinal);
        Assert.Contains("The limit of $0.003 ended the run before a round of 1 calls, which may cost $0.002", poor.Error, StringComparison.Ordinal);
        Assert.InRange(model.Stats.Started, 1, 54);

        model.Faults = FaultSchedule.Default with { Down = true };
        var down = await CliRun.OfAsync($"performance --target {ComparisonRig.Arm(model)}");
        Assert.Equal((int)ExitCode.Infrastructure, down.Code);
        Assert.Matches(@"answered none of its first 20 calls, the last with: .*The simulated provider is down\.", down.Error);
    }
}
