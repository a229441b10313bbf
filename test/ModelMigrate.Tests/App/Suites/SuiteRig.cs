using System.Text.Json.Nodes;
using ModelMigrate.Simulation;
using ModelMigrate.Simulation.Faults;
using ModelMigrate.Tests.App.Commands;
using ModelMigrate.Tests.Architecture;

namespace ModelMigrate.Tests.App.Suites;

/// <summary>A folder for files of suites, and a simulated model <c>chat</c> that knows the sample's answers.</summary>
internal sealed class SuiteRig : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mm-suites-");

    public static FaultSchedule Quick { get; } = FaultSchedule.Default with { LatencyMedian = TimeSpan.Zero };

    public SimulatedProvider Model { get; private set; } = null!;

    public string Arm => $"openai:chat@{Model.BaseUrl.ToString().TrimEnd('/')}";

    public string In(string name) => Path.Combine(_folder.FullName, name);

    public static async Task<SuiteRig> StartAsync(string? only = "chat", double accuracy = 1, SimulationProtocol protocol = SimulationProtocol.OpenAi)
    {
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in new[] { "samples/suites/answers.jsonl", "samples/qa/questions.jsonl" }.SelectMany(static file => File.ReadLines(Path.Combine(Source.Root, file))))
        {
            var row = JsonNode.Parse(line)!;
            known[row["prompt"]!.GetValue<string>()] = row["reference"]!.GetValue<string>();
        }

        // With these seeds the answer that is asked to be long is longer than its limit.
        var options = new SimulationOptions { Protocol = protocol, Model = only, Seed = protocol == SimulationProtocol.OpenAi ? 1ul : 2ul, Faults = Quick, Knowledge = new SimulatedKnowledge(known, accuracy) };
        return new SuiteRig { Model = await SimulatedProvider.StartAsync(options, TimeProvider.System) };
    }

    /// <summary>Runs a file of suites in the folder; what is after <c>--junit</c> and <c>--markdown</c> is within it.</summary>
    public async Task<CliRun> RunAsync(string yaml, string options = "", Func<string, string?>? environment = null)
    {
        await File.WriteAllTextAsync(In("suites.yaml"), yaml);
        var within = options.Replace("--junit ", $"--junit {_folder.FullName}/", StringComparison.Ordinal).Replace("--markdown ", $"--markdown {_folder.FullName}/", StringComparison.Ordinal);
        return await CliRun.OfAsync($"run-suite --config {In("suites.yaml")} {within}", environment);
    }

    public async ValueTask DisposeAsync()
    {
        await Model.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
