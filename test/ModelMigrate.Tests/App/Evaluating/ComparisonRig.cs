using System.Text.Json.Nodes;
using ModelMigrate.Simulation;
using ModelMigrate.Simulation.Faults;
using ModelMigrate.Tests.App.Commands;
using ModelMigrate.Tests.Architecture;

namespace ModelMigrate.Tests.App.Evaluating;

/// <summary>A folder, the sample's questions, and simulated models that know a share of their answers.</summary>
internal sealed class ComparisonRig
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mm-compare-");
    private readonly List<SimulatedProvider> _providers = [];

    public static FaultSchedule Quick { get; } = FaultSchedule.Default with { LatencyMedian = TimeSpan.Zero };

    public static string Questions { get; } = Path.Combine(Source.Root, "samples/qa/questions.jsonl");

    public string In(string name) => Path.Combine(_folder.FullName, name);

    public static string Arm(SimulatedProvider provider) => $"openai:m@{provider.BaseUrl.ToString().TrimEnd('/')}";

    public async Task<SimulatedProvider> StartAsync(double accuracy, ulong seed)
    {
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in await File.ReadAllLinesAsync(Questions))
        {
            var row = JsonNode.Parse(line)!;
            known[row["prompt"]!.GetValue<string>()] = row["reference"]!.GetValue<string>();
        }

        var provider = await SimulatedProvider.StartAsync(
            new() { Protocol = SimulationProtocol.OpenAi, Seed = seed, Faults = Quick, Knowledge = new SimulatedKnowledge(known, accuracy) }, TimeProvider.System);
        _providers.Add(provider);
        return provider;
    }

    /// <summary>Compares two of them at their addresses; what is after <c>--out</c> is within the folder.</summary>
    public Task<CliRun> CompareAsync(SimulatedProvider source, SimulatedProvider target, string options, string? dataset = null) =>
        CompareAsync($"--source {Arm(source)} --target {Arm(target)}", options, dataset);

    public Task<CliRun> CompareAsync(string arms, string options, string? dataset = null) =>
        CliRun.OfAsync($"compare {arms} --dataset {dataset ?? Questions} {options.Replace("--out ", $"--out {_folder.FullName}/", StringComparison.Ordinal)}");

    /// <summary>A configuration in which they are <c>old</c> and <c>new</c>, with prices.</summary>
    public Task<string> ConfigAsync(SimulatedProvider source, SimulatedProvider target) => WriteAsync("model-migrate.yaml", $$"""
        providers:
          here: { kind: openai, baseUrl: "{{source.BaseUrl.ToString().TrimEnd('/')}}" }
          there: { kind: openai, baseUrl: "{{target.BaseUrl.ToString().TrimEnd('/')}}" }
        models:
          old: { provider: here, inputCostPer1k: 0.001, outputCostPer1k: 0.002 }
          new: { provider: there, inputCostPer1k: 0.001, outputCostPer1k: 0.002 }
        routes:
          chat: old

        """);

    public async Task<string> WriteAsync(string name, string text)
    {
        await File.WriteAllTextAsync(In(name), text);
        return In(name);
    }

    /// <summary>A result but for what a clock measured.</summary>
    public static string WithoutTiming(string json)
    {
        var result = JsonNode.Parse(json)!.AsObject();
        result.Remove("timing");
        return result.ToJsonString();
    }

    public async Task EndAsync()
    {
        foreach (var provider in _providers)
        {
            await provider.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }
}
