using System.Text.Json;
using ModelMigrate.Core.Rollouts;
using ModelMigrate.Tests.App.Commands;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Control.Reports;

/// <summary>Every command of the runbook, run as it stands there against a server in the phase that it was written in.</summary>
public sealed class RunbookRunTests
{
    private const string Tokened = "admin: { token: \"${TOKEN}\" }";
    private static readonly Dictionary<string, string> s_environment = new(StringComparer.Ordinal) { ["MODEL_MIGRATE_ADMIN_TOKEN"] = ControlBench.Token };

    [ProgramFact("curl")]
    public Task Runbook_Planned_EveryCommandWorks() => RunAsync(RolloutPhase.Planned);

    [ProgramFact("curl")]
    public Task Runbook_Running_EveryCommandWorks() => RunAsync(RolloutPhase.Running, RolloutVerb.Start);

    [ProgramFact("curl")]
    public Task Runbook_Paused_EveryCommandWorks() => RunAsync(RolloutPhase.Paused, RolloutVerb.Start, RolloutVerb.Pause);

    [ProgramFact("curl")]
    public Task Runbook_Watching_EveryCommandWorks() => RunAsync(RolloutPhase.Watching, RolloutVerb.Start, RolloutVerb.Promote);

    [ProgramFact("curl")]
    public Task Runbook_RolledBack_EveryCommandWorks() => RunAsync(RolloutPhase.RolledBack, RolloutVerb.Start, RolloutVerb.Rollback);

    private static async Task RunAsync(RolloutPhase phase, params RolloutVerb[] verbs)
    {
        await using var first = await StartAsync(phase, verbs);
        var count = (await CommandsAsync(first)).Count;
        Assert.InRange(count, 7, 20);
        for (var i = 0; i < count; i++)
        {
            var looks = Looks((await CommandsAsync(first))[i]);
            var server = looks ? first : await StartAsync(phase, verbs);
            try
            {
                await RunOneAsync(server, (await CommandsAsync(server))[i], looks ? phase : null);
            }
            finally
            {
                if (!looks)
                {
                    await server.DisposeAsync();
                }
            }
        }
    }

    private static bool Looks(string command) =>
        !command.Contains("rollback", StringComparison.Ordinal)
        && (!command.Contains(" migrations ", StringComparison.Ordinal) || command.Contains(" migrations export ", StringComparison.Ordinal));

    private static async Task RunOneAsync(ControlServer server, string command, RolloutPhase? stays)
    {
        var before = server.Bench.Reading.State;
        if (command.StartsWith("curl ", StringComparison.Ordinal))
        {
            var (code, output, error) = await Shell.RunAsync(command, server.Bench.Folder, s_environment);
            Assert.True(code == 0, $"{command}\n{error}");
            if (!command.EndsWith("/readyz", StringComparison.Ordinal))
            {
                using var json = JsonDocument.Parse(output);
                Assert.False(json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("code", out _), $"{command}\n{output}");
            }
        }
        else
        {
            Assert.StartsWith("model-migrate ", command, StringComparison.Ordinal);
            // Watching goes on until the migration ends; here a person stops it.
            using var stop = new CancellationTokenSource(command.Contains("--watch", StringComparison.Ordinal) ? TimeSpan.FromSeconds(1) : TimeSpan.FromSeconds(30));
            var run = await CliRun.OfAsync(command["model-migrate ".Length..], name => s_environment.GetValueOrDefault(name), stop.Token);
            Assert.True(run.Error.Length == 0 || command.Contains(" finalize ", StringComparison.Ordinal), $"{command}\n{run.Error}");
            Assert.True(run.Code == 0 || command.Contains(" status ", StringComparison.Ordinal), $"{command}\n{run.Code} {run.Out}");
            Assert.False(string.IsNullOrWhiteSpace(run.Out), command);
        }

        var changed = server.Bench.Reading.State != before;
        Assert.True(changed == (stays is null) || command.Contains(" finalize ", StringComparison.Ordinal), $"{command}: {before.Phase} -> {server.Bench.Phase}");
    }

    private static async Task<ControlServer> StartAsync(RolloutPhase phase, RolloutVerb[] verbs)
    {
        var server = await ControlServer.StartAsync(Tokened);
        foreach (var verb in verbs)
        {
            await server.Bench.ActAsync(verb);
        }

        await server.Bench.UntilAsync(() => server.Bench.Phase == phase, TimeSpan.FromSeconds(5));
        return server;
    }

    private static async Task<List<string>> CommandsAsync(ControlServer server)
    {
        var run = await CliRun.OfAsync($"runbook --migration-id {ControlBench.Id} --server {server.Url}", name => s_environment.GetValueOrDefault(name));
        Assert.Equal(0, run.Code);
        var fences = run.Out.Split("```");
        return [.. fences.Where((_, i) => i % 2 == 1).SelectMany(block => block.Split('\n')[1..]).Where(line => line.Length > 0)];
    }
}
