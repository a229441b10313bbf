using System.Globalization;
using System.Text.Json.Nodes;
using ModelMigrate.Simulation;
using ModelMigrate.Simulation.Faults;
using ModelMigrate.Tests.Scenarios;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.App.Evaluating;

/// <summary><c>kill -9</c> of a real comparison at seeded moments: resumed, it says byte for byte what one says that was never killed.</summary>
[Trait("kind", "slow")]
public sealed class KilledComparisonTests : IAsyncLifetime
{
    private const int Rows = 2000;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mm-killed-");
    private SimulatedProvider _source = null!;
    private SimulatedProvider _target = null!;

    public async Task InitializeAsync()
    {
        var known = Enumerable.Range(0, Rows).ToDictionary(i => string.Create(CultureInfo.InvariantCulture, $"What is {i} + 7?"), i => string.Create(CultureInfo.InvariantCulture, $"{i + 7}"), StringComparer.Ordinal);
        await File.WriteAllLinesAsync(Path.Combine(_folder.FullName, "rows.jsonl"), known.Select(row => $$"""{"prompt":"{{row.Key}}","reference":"{{row.Value}}"}"""));
        _source = await StartAsync(known, 0.85, seed: 1);
        _target = await StartAsync(known, 0.9, seed: 2);
    }

    public async Task DisposeAsync()
    {
        await _source.DisposeAsync();
        await _target.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [ProgramFact("dotnet")]
    public async Task Compare_KilledAtAnyMoment_ResumesToTheSameVerdict()
    {
        var whole = await FinishAsync("whole");
        Assert.Equal("pass", whole["gate"]!["verdict"]!.GetValue<string>());
        Assert.Equal((Rows, Rows), (_source.Stats.Answered, _target.Stats.Answered));
        var random = new Random(5);
        for (var life = 0; life < Repetitions.Of(20); life++)
        {
            // Twice on each folder, the second time on the way again.
            foreach (var share in new[] { random.NextDouble(), random.NextDouble() })
            {
                var until = _source.Stats.Answered + (int)(Rows * share / 2);
                await using var process = Start($"killed-{life}");
                await Waiting.UntilAsync(() => _source.Stats.Answered >= until || process.HasExited);
                process.Kill();
                await process.WaitForExitAsync(s_patience);
            }

            Assert.Equal(whole.ToJsonString(), (await FinishAsync($"killed-{life}")).ToJsonString());
        }
    }

    /// <summary>Runs to the end and reads the result but for its times: every row once, and none missing.</summary>
    private async Task<JsonObject> FinishAsync(string folder)
    {
        await using var process = Start(folder);
        Assert.Equal(0, await process.WaitForExitAsync(s_patience));
        var result = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(_folder.FullName, folder, "result.json")))!.AsObject();
        result.Remove("timing");
        Assert.Equal((Rows, Rows), (result["source"]!["answers"]!.GetValue<int>(), result["target"]!["answers"]!.GetValue<int>()));
        Assert.Equal(Rows, result["samples"]!["ids"]!.AsArray().Select(id => id!.GetValue<string>()).Distinct(StringComparer.Ordinal).Count());
        return result;
    }

    private ChildProcess Start(string folder) => ChildProcess.StartProduct(
        "compare", "--source", $"openai:a@{_source.BaseUrl.ToString().TrimEnd('/')}", "--target", $"openai:b@{_target.BaseUrl.ToString().TrimEnd('/')}",
        "--dataset", Path.Combine(_folder.FullName, "rows.jsonl"), "--metrics", "exact,rougeL", "--margin", "5pp", "--out", Path.Combine(_folder.FullName, folder));

    private static Task<SimulatedProvider> StartAsync(Dictionary<string, string> known, double accuracy, ulong seed) => SimulatedProvider.StartAsync(
        new() { Protocol = SimulationProtocol.OpenAi, Seed = seed, Faults = FaultSchedule.Default with { LatencyMedian = TimeSpan.FromMilliseconds(1) }, Knowledge = new SimulatedKnowledge(known, accuracy) },
        TimeProvider.System);
}
