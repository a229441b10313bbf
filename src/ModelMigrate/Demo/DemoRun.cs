using System.Collections.Concurrent;
using ModelMigrate.Core.Api;
using ModelMigrate.Core.Routing;
using ModelMigrate.Serving;
using ModelMigrate.Simulation;
using ModelMigrate.Simulation.Faults;

namespace ModelMigrate.Demo;

/// <summary>One demo: two simulated providers, a server and a client in one process, talking real HTTP.</summary>
internal sealed class DemoRun(DemoOptions options, TimeProvider time)
{
    // A process that has just started answers late; evidence of latency begins after that.
    private static readonly TimeSpan LeastWarmUp = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan MostWarmUp = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);

    /// <summary>Traffic after the migration ended, so that the report shows where it went.</summary>
    private static readonly TimeSpan Afterwards = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, bool> _answered = new(StringComparer.Ordinal);
    private DateTimeOffset? _rollbackLive;
    private Func<long> _inTransit = static () => 0;

    /// <summary>Why the demo could not begin, after <see cref="RunAsync"/> answered null.</summary>
    public ServeFault? Fault { get; private set; }

    /// <summary>The report as Markdown, after <see cref="RunAsync"/>.</summary>
    public string Report { get; private set; } = "";

    /// <summary>Requests on their way: sent, and neither answered nor waiting at a provider. What drives the clock lets them pass first.</summary>
    public long InTransit => _inTransit();

    /// <summary>Runs to the migration's end or the options' duration.</summary>
    public async Task<DemoResult?> RunAsync(DemoScreen screen, CancellationToken cancellation)
    {
        await using var source = await StartProviderAsync(SimulationProtocol.OpenAi, 2 * options.Seed, cancellation);
        await using var target = await StartProviderAsync(SimulationProtocol.Anthropic, 2 * options.Seed + 1, cancellation);
        var folder = Directory.CreateTempSubdirectory("model-migrate-demo-");
        var config = Path.Combine(folder.FullName, "model-migrate.yaml");
        await File.WriteAllTextAsync(config, DemoConfiguration.Yaml(options, source.BaseUrl, target.BaseUrl), cancellation);
        (var server, Fault) = await RunningServer.TryStartAsync(
            new ServeOptions { ConfigFile = config, Urls = ["http://127.0.0.1:0"], DataDirectory = Path.Combine(folder.FullName, "data") }, time, cancellation);
        if (server is null)
        {
            folder.Delete(recursive: true);
            return null;
        }

        DemoResult result;
        await using (server)
        {
            var faults = new DemoFaults(options.Scenario, source, target, time);
            using var watch = server.Feed.Subscribe(snapshot => NoteRollback(snapshot, faults));
            using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = server.AdminUrl };
            var admin = new AdminClient(http);
            result = await DriveAsync(screen, server, admin, faults, (source, target), cancellation);
            result = result with { Export = Path.Combine(folder.FullName, "export.jsonl") };
            await ExportAsync(admin, result.Export);
        }

        var report = Path.Combine(folder.FullName, "report.md");
        await File.WriteAllTextAsync(report, Report, CancellationToken.None);
        Directory.Delete(Path.Combine(folder.FullName, "data"), recursive: true);
        return result with { Report = report };
    }

    private async Task<DemoResult> DriveAsync(
        DemoScreen screen, RunningServer server, AdminClient admin, DemoFaults faults, (SimulatedProvider Source, SimulatedProvider Target) providers, CancellationToken cancellation)
    {
        using var client = new DemoClient(server.Url, DemoConfiguration.Route, DemoPrompts.Load(), options.Rate, time);
        _inTransit = () => client.Tally.Sent - client.Tally.Finished - providers.Source.Stats.Waiting - providers.Target.Stats.Waiting;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var began = time.GetTimestamp();
        var traffic = client.RunAsync(stop.Token);
        await WarmUpAsync(client.Tally, cancellation);
        var (last, refused) = await admin.ActAsync(DemoConfiguration.Migration, "start", "the demo begins", "demo", cancellation);
        if (refused is not null)
        {
            throw new InvalidOperationException($"The migration did not start: {refused.Detail}");
        }

        var trouble = faults.RunAsync(stop.Token);
        await screen.ShowAsync(async show =>
        {
            while (true)
            {
                var (detail, _) = await admin.MigrationAsync(DemoConfiguration.Migration, cancellation);
                last = detail ?? last;
                show(last!, client.Tally, time.GetElapsedTime(began));
                if (IsOver(last!) || time.GetElapsedTime(began) >= options.Duration)
                {
                    return;
                }

                await Task.Delay(Poll, time, cancellation);
            }
        });
        if (IsOver(last!))
        {
            await Task.Delay(Afterwards, time, cancellation);
        }

        var elapsed = time.GetElapsedTime(began);
        var sent = client.Tally.Sent;
        await stop.CancelAsync();
        await traffic;
        await trouble.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return await SummariseAsync(admin, last!, faults, client.Tally, providers.Target, (elapsed, sent / elapsed.TotalSeconds));
    }

    private async Task WarmUpAsync(DemoTally tally, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        await Task.Delay(LeastWarmUp, time, cancellation);
        while (!(tally.RecentMedian < 1.25 * FaultSchedule.Default.LatencyMedian) && time.GetElapsedTime(began) < MostWarmUp)
        {
            await Task.Delay(Poll, time, cancellation);
        }
    }

    private async Task<DemoResult> SummariseAsync(
        AdminClient admin, MigrationDetail last, DemoFaults faults, DemoTally tally, SimulatedProvider target, (TimeSpan Elapsed, double Rate) carried)
    {
        last = (await admin.MigrationAsync(DemoConfiguration.Migration)).Value ?? last;
        Report = (await admin.ReportAsync(DemoConfiguration.Migration)).Value ?? "";
        var outcome = last.Phase switch
        {
            "completed" or "failed" => last.Phase,
            "rolled_back" or "rolling_back" => "rolled_back",
            "paused" or "frozen" => "paused",
            _ => "running",
        };
        var live = outcome == "rolled_back" ? _rollbackLive : null;
        return new DemoResult
        {
            Scenario = options.Scenario,
            Outcome = outcome,
            MigrationId = last.Id,
            Requests = tally.Sent,
            UserErrors = tally.UserErrors,
            TargetRequests = target.Stats.Started,
            TargetFailures = target.Stats.Faults,
            Rescued = last.TargetArm.Rescued,
            ExposedBeforeRollback = live is { } until && faults.Began is { } from ? target.Stats.StartedBetween(from, until) : null,
            SecondsToRollback = live is { } at && faults.Began is { } first ? Math.Round((at - first).TotalSeconds, 2) : null,
            Reason = last.Reason,
            Report = "",
            Export = "",
            Unanswered = Enumerable.Range(0, (int)tally.Sent).Count(n => !_answered.ContainsKey(DemoPrompts.User(n))),
            RateCarried = Math.Round(carried.Rate, 1),
            Seconds = Math.Round(carried.Elapsed.TotalSeconds, 1),
        };
    }

    private static async Task ExportAsync(AdminClient admin, string file)
    {
        var (export, problem) = await admin.ExportAsync(DemoConfiguration.Migration);
        if (export is null)
        {
            throw new InvalidOperationException($"The migration was not exported: {problem!.Detail}");
        }

        await using (export)
        {
            await using var to = File.Create(file);
            await export.CopyToAsync(to);
        }
    }

    private static bool IsOver(MigrationDetail migration) => migration.Phase is "completed" or "rolled_back" or "failed" or "paused" or "frozen";

    // On the publisher's thread, so that the time is the one at which requests begin to see it.
    private void NoteRollback(RoutingSnapshot snapshot, DemoFaults faults)
    {
        if (faults.Began is not null && _rollbackLive is null
            && snapshot.Routes.TryGetValue(DemoConfiguration.Route, out var route) && route.Split is null or { WeightPpm: 0 })
        {
            _rollbackLive = time.GetUtcNow();
        }
    }

    private Task<SimulatedProvider> StartProviderAsync(SimulationProtocol protocol, ulong seed, CancellationToken cancellation) =>
        SimulatedProvider.StartAsync(
            new SimulationOptions
            {
                Protocol = protocol,
                Seed = seed,
                Faults = FaultSchedule.Default with { ErrorRate = 0.005 },
                Answered = user => _answered.TryAdd(user ?? "", true),
            },
            time,
            cancellation);
}
