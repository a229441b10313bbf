using System.Text.Json;
using ModelMigrate.Simulation;
using ModelMigrate.Simulation.Faults;
using ModelMigrate.Tests.Architecture;
using ModelMigrate.Tests.EndToEnd.Clients;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.EndToEnd;

/// <summary>
/// Each feature of the clients that others wrote, through the running product, to upstreams of both protocols: our own and one that others
/// wrote. The page of clients is written from what comes of it.
/// </summary>
[Trait("kind", "slow")]
public sealed class SdkMatrixTests : IAsyncLifetime
{
    private const string Page = "docs/guide/clients.md";
    private const string Heading = "## The table\n\n";

    private static readonly FaultSchedule s_quick = FaultSchedule.Default with { LatencyMedian = TimeSpan.Zero };

    /// <summary>
    /// What stands behind each route: itself; one whose every call fails; and one that is slow enough to be left in the middle of an answer, also by
    /// .NET's own HTTP client, which reads on for two seconds in the hope of a connection that it can keep.
    /// </summary>
    private static readonly (string Suffix, FaultSchedule Faults)[] s_kinds = [("", s_quick), ("-failing", s_quick with { ErrorRate = 1 }), ("-slow", s_quick with { TokensPerSecond = 4 })];

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
            var name = protocol == SimulationProtocol.OpenAi ? "sim-openai" : "sim-anthropic";
            foreach (var (suffix, faults) in s_kinds)
            {
                _simulated[name + suffix] = await SimulatedProvider.StartAsync(new() { Protocol = protocol, Faults = faults }, TimeProvider.System);
                _parts.Add(_simulated[name + suffix]);
            }
        }

        var (process, mock) = await Node.StartAimockAsync();
        _parts.Add(process);
        _server = await CanaryServer.StartAsync(Configuration(mock));
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
    public async Task Clients_EveryFeatureOnEveryUpstream_IsWhatThePageSays()
    {
        var (cells, problems) = (new List<ClientCell>(), new List<string>());
        foreach (var (client, _) in ClientTable.Clients)
        {
            var (before, seen) = (Canceled(), Pictures());
            cells.AddRange(await RunAsync(client));
            if (!await AreCanceledAsync(before))
            {
                problems.Add($"A cancel of {client} did not reach its provider.");
            }

            // Two routes lead to the first. What the models say would be the same without the picture.
            if (Pictures() is var (openAi, anthropic) && (openAi - seen.OpenAi, anthropic - seen.Anthropic) != (2, 1))
            {
                problems.Add($"Of the pictures of {client}, the simulators saw {openAi - seen.OpenAi} of 2 and {anthropic - seen.Anthropic} of 1.");
            }
        }

        problems.AddRange(cells.Where(cell => ClientTable.Show(cell) is null).Select(cell => cell.ToString()));
        Assert.True(problems.Count == 0, string.Join('\n', problems));

        // On a difference, what was tried is the page to write: MODEL_MIGRATE_WRITE_PAGES=1 writes it.
        var (page, table) = (Source.Text(Page).Split(Heading), ClientTable.Write(cells));
        if (Environment.GetEnvironmentVariable("MODEL_MIGRATE_WRITE_PAGES") == "1")
        {
            await File.WriteAllTextAsync(Path.Combine(Source.Root, Page), page[0] + Heading + table);
        }
        else
        {
            Assert.Equal(table, page[1]);
        }
    }

    /// <summary>One process, or this one, for all of a client's calls; the upstreams beside each other.</summary>
    private async Task<List<ClientCell>> RunAsync(string client)
    {
        var routes = ClientTable.Upstreams.Select(upstream => upstream.Route).ToList();
        List<ClientCell> cells;
        if (client is ClientTable.OpenAiDotNet or ClientTable.AnthropicDotNet)
        {
            var runs = await Task.WhenAll(routes.Select(route => RunLibraryAsync(client, route)));
            cells = [.. runs.SelectMany(run => run)];
        }
        else
        {
            await using var program = ChildProcess.Start("node", [Path.Combine(Node.Folder, "sdk.mjs"), _server!.Url.ToString(), client, .. routes]);
            Assert.True(await program.WaitForExitAsync(TimeSpan.FromSeconds(120)) == 0, program.Output);
            cells = [.. program.Output.Split('\n').Where(line => line.StartsWith("{\"route\"", StringComparison.Ordinal))
                .Select(line => JsonSerializer.Deserialize<ClientCell>(line, JsonSerializerOptions.Web)! with { Client = client })];
        }

        // Nobody leaves a feature out.
        Assert.Equal(
            routes.SelectMany(route => ClientTable.Features.Select(feature => $"{route} {feature.Name}")).Order(StringComparer.Ordinal),
            cells.Select(cell => $"{cell.Route} {cell.Feature}").Order(StringComparer.Ordinal));
        return cells;
    }

    private async Task<List<ClientCell>> RunLibraryAsync(string client, string route)
    {
        if (client == ClientTable.OpenAiDotNet)
        {
            return await LibraryRun.RunAsync(client, route, new OpenAiLibrary(_server!.Url, route).Features());
        }

        using var library = new AnthropicLibrary(_server!.Url, route);
        return await LibraryRun.RunAsync(client, route, library.Features());
    }

    private (long OpenAi, long Anthropic) Pictures() => (_simulated["sim-openai"].Stats.Pictures, _simulated["sim-anthropic"].Stats.Pictures);

    private List<long> Canceled() => [.. _simulated.Values.Select(provider => provider.Stats.Canceled)];

    /// <summary>Whether the cancels have reached both simulated providers that a client cancels at.</summary>
    private async Task<bool> AreCanceledAsync(List<long> before)
    {
        var began = TimeProvider.System.GetTimestamp();
        bool areCanceled;
        while (!(areCanceled = Canceled().Zip(before).Count(pair => pair.First > pair.Second) >= 2) && TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(5))
        {
            await Task.Yield();
        }

        return areCanceled;
    }

    /// <summary>Three routes to each upstream.</summary>
    private string Configuration(Uri mock)
    {
        List<(string Name, string Url)> upstreams =
        [
            .. _simulated.Select(pair => (pair.Key, Trimmed(pair.Value.BaseUrl))),
            .. s_kinds.Select(kind => ("mock-openai" + kind.Suffix, $"{Trimmed(mock)}/v1")), .. s_kinds.Select(kind => ("mock-anthropic" + kind.Suffix, Trimmed(mock))),
        ];
        return $"""
            providers:
            {string.Join('\n', upstreams.Select(u => $"  {u.Name}: {'{'} kind: {(u.Name.Contains("-openai", StringComparison.Ordinal) ? "openai" : "anthropic")}, baseUrl: \"{u.Url}\" {'}'}"))}
            models:
            {string.Join('\n', upstreams.Select(u => $"  {u.Name}: {u.Name}"))}
            {string.Join('\n', s_kinds.Select(kind => $"  sim-responses{kind.Suffix}: {'{'} provider: sim-openai{kind.Suffix}, protocol: responses {'}'}"))}
            routes:
            {string.Join('\n', upstreams.Select(u => u.Name).Concat(s_kinds.Select(kind => "sim-responses" + kind.Suffix)).Select(name => $"  {name}: {'{'} model: {name}, limits: {'{'} retries: 0 {'}'} {'}'}"))}

            """;
    }

    private static string Trimmed(Uri url) => url.ToString().TrimEnd('/');
}
