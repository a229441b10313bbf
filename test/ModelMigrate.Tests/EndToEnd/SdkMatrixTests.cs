using System.Text.Json;
using ModelMigrate.Simulation;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.EndToEnd;

/// <summary>Each feature of the official Node SDKs of both protocols, through the running product, to upstreams of both protocols: our own and one that others wrote.</summary>
[Trait("kind", "slow")]
public sealed class SdkMatrixTests : IAsyncLifetime
{
    private static readonly string[] s_features = ["plain", "stream", "tools", "toolsStream", "image", "schema", "error", "cancel"];

    // Slow enough to be cancelled in the middle of an answer.
    private static readonly FaultSchedule s_paced = FaultSchedule.Default with { LatencyMedian = TimeSpan.FromMilliseconds(5), TokensPerSecond = 40 };

    private readonly List<IAsyncDisposable> _parts = [];
    private readonly Dictionary<string, SimulatedProvider> _simulated = [];
    private CanaryServer? _server;

    public async Task InitializeAsync()
    {
        if (new NodeFactAttribute().Skip is not null)
        {
            return;
        }

        foreach (var protocol in Enum.GetValues<SimulationProtocol>())
        {
            var provider = await SimulatedProvider.StartAsync(new() { Protocol = protocol, Faults = s_paced }, TimeProvider.System);
            _simulated[protocol == SimulationProtocol.OpenAi ? "sim-openai" : "sim-anthropic"] = provider;
            _parts.Add(provider);
        }

        var (process, mock) = await Node.StartAimockAsync();
        _parts.Add(process);
        _server = await CanaryServer.StartAsync($$"""
            providers:
              sim-openai: { kind: openai, baseUrl: "{{Trimmed(_simulated["sim-openai"].BaseUrl)}}" }
              sim-anthropic: { kind: anthropic, baseUrl: "{{Trimmed(_simulated["sim-anthropic"].BaseUrl)}}" }
              mock-openai: { kind: openai, baseUrl: "{{Trimmed(mock)}}/v1" }
              mock-anthropic: { kind: anthropic, baseUrl: "{{Trimmed(mock)}}" }
            models:
              sim-openai: sim-openai
              sim-anthropic: sim-anthropic
              mock-openai: mock-openai
              mock-anthropic: mock-anthropic
            routes:
              sim-openai: sim-openai
              sim-anthropic: sim-anthropic
              mock-openai: mock-openai
              mock-anthropic: mock-anthropic

            """);
        _parts.Insert(0, _server);
    }

    public async Task DisposeAsync()
    {
        foreach (var part in _parts)
        {
            await part.DisposeAsync();
        }
    }

    [NodeFact]
    public Task OpenAiSdk_EveryFeature_OnEveryUpstream() => RunAsync("openai");

    [NodeFact]
    public Task AnthropicSdk_EveryFeature_OnEveryUpstream() => RunAsync("anthropic");

    private static string Trimmed(Uri url) => url.ToString().TrimEnd('/');

    private async Task RunAsync(string sdk)
    {
        var problems = new List<string>();
        foreach (var route in (string[])["sim-openai", "sim-anthropic", "mock-openai", "mock-anthropic"])
        {
            await using var client = ChildProcess.Start("node", [Path.Combine(Node.Folder, "sdk.mjs"), _server!.Url.ToString(), sdk, route]);
            Assert.True(await client.WaitForExitAsync(TimeSpan.FromSeconds(120)) == 0, client.Output);
            var lines = client.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
            Assert.Equal(s_features, lines.Select(line => line.GetProperty("feature").GetString()));
            problems.AddRange(lines.Where(line => line.GetProperty("problem").ValueKind == JsonValueKind.String).Select(line => $"{sdk} {route} {line}"));
        }

        Assert.True(problems.Count == 0, string.Join('\n', problems));

        // The cancel reached the providers.
        Assert.All(_simulated.Values, provider => Assert.True(provider.Stats.Canceled > 0));
    }
}
