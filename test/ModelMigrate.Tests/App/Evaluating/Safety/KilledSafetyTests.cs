using System.Globalization;
using System.Text.Json.Nodes;
using ModelMigrate.Control.Evaluation.Safety;
using ModelMigrate.Simulation;
using ModelMigrate.Simulation.Faults;
using ModelMigrate.Tests.Scenarios;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.App.Evaluating.Safety;

/// <summary><c>kill -9</c> of a real safety run at seeded moments: resumed, it says what one says that was never killed, and asks again only what was under way.</summary>
[Trait("kind", "slow")]
public sealed class KilledSafetyTests : ComparisonTests
{
    private const int Prompts = 1000;
    private const int Concurrency = 8;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    [ProgramFact("dotnet")]
    public async Task EvaluateSafety_KilledAtAnyMoment_ResumesToTheSameResult()
    {
        var known = Enumerable.Range(0, Prompts).ToDictionary(static i => string.Create(CultureInfo.InvariantCulture, $"What is {i} + 7?"), static i => string.Create(CultureInfo.InvariantCulture, $"{i + 7}"), StringComparer.Ordinal);
        var prompts = await Rig.WriteAsync("prompts.txt", string.Join('\n', known.Keys));
        await using var model = await SimulatedProvider.StartAsync(
            new() { Protocol = SimulationProtocol.OpenAi, Seed = 3, Faults = FaultSchedule.Default with { LatencyMedian = TimeSpan.FromMilliseconds(1) }, Knowledge = new SimulatedKnowledge(known, 0.9) }, TimeProvider.System);
        var whole = await FinishAsync("whole");
        Assert.Equal(Prompts, model.Stats.Answered);
        var random = new Random(11);
        for (var life = 0; life < Repetitions.Of(20); life++)
        {
            var before = model.Stats.Answered;
            foreach (var share in new[] { random.NextDouble(), random.NextDouble() })
            {
                var until = model.Stats.Answered + (int)(Prompts * share / 2);
                await using var process = Start($"killed-{life}");
                await Waiting.UntilAsync(() => model.Stats.Answered >= until || process.HasExited);
                process.Kill();
                await process.WaitForExitAsync(s_patience);
            }

            Assert.Equal(whole.ToJsonString(), (await FinishAsync($"killed-{life}")).ToJsonString());
            // What was asked and not yet on the disk when it was killed, twice.
            Assert.InRange(model.Stats.Answered - before, Prompts, Prompts + (2 * Concurrency));
            var keys = (await File.ReadAllLinesAsync(Rig.In($"killed-{life}/{SafetyLog.FileName}"))).Select(static line => JsonNode.Parse(line)!["key"]!.GetValue<string>()).ToList();
            Assert.Equal((Prompts, Prompts), (keys.Count, keys.Distinct(StringComparer.Ordinal).Count()));
        }

        async Task<JsonObject> FinishAsync(string folder)
        {
            await using var process = Start(folder);
            var code = await process.WaitForExitAsync(s_patience);
            Assert.True(code is 1 or 4, process.Output);
            var result = JsonNode.Parse(await File.ReadAllTextAsync(Rig.In($"{folder}/result.json")))!.AsObject();
            result.Remove("timing");
            Assert.Equal(Prompts, result["target"]!["answers"]!.GetValue<int>());
            return result;
        }

        ChildProcess Start(string folder) => ChildProcess.StartProduct(
            "evaluate-safety", "--target", $"openai:m@{model.BaseUrl.ToString().TrimEnd('/')}", "--prompts", prompts, "--refusals", "--concurrency", $"{Concurrency}", "--out", Rig.In(folder));
    }
}
