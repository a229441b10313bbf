using System.Text.Json.Nodes;
using ModelMigrate.Tests.Scenarios;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.App.Evaluating;

/// <summary><c>kill -9</c> while judges and programs score: resumed, nothing is graded twice or lost, and the verdict is the one of a run that was never killed.</summary>
[Trait("kind", "slow")]
public sealed class KilledGradingTests : ComparisonTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    [ProgramFact("dotnet")]
    public async Task Evaluate_KilledWhileGrading_ResumesToTheSameVerdict()
    {
        await using var rig = new GradingRig(Rig);
        await rig.StartAsync();
        var file = await rig.FileAsync("evaluation.yaml", "concurrency: 2");
        var whole = await FinishAsync(file, "whole");
        var calls = rig.Judge.Calls;
        var random = new Random(7);
        for (var life = 0; life < Repetitions.Of(20); life++)
        {
            var until = rig.Judge.Calls + random.Next(1, calls);
            await using (var process = Start(file, $"killed-{life}"))
            {
                await Waiting.UntilAsync(() => rig.Judge.Calls >= until || process.HasExited);
                process.Kill();
                await process.WaitForExitAsync(s_patience);
            }

            var before = rig.Judge.Calls;
            Assert.Equal(whole.ToJsonString(), (await FinishAsync(file, $"killed-{life}")).ToJsonString());

            // Only what was under way, or not yet on the disk, is asked again: the resumed run asks for less than all.
            Assert.True(rig.Judge.Calls - before < calls || until - before < 16, $"{rig.Judge.Calls - before} of {calls} calls were made again.");
        }
    }

    private async Task<JsonObject> FinishAsync(string file, string folder)
    {
        await using var process = Start(file, folder);
        var code = await process.WaitForExitAsync(s_patience);
        Assert.True(code == 0, process.Output);
        var result = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Rig.In(folder), "result.json")))!.AsObject();
        result.Remove("timing");
        return result;
    }

    private ChildProcess Start(string file, string folder) => ChildProcess.StartProduct("evaluate", "--config", file, "--out", Rig.In(folder));
}
