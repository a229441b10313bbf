using System.Text;
using Microsoft.Extensions.Logging;
using ModelMigrate.Control;
using ModelMigrate.Control.Rollouts;
using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Rollouts;
using ModelMigrate.Core.Routing;
using ModelMigrate.Serving;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Control;

/// <summary>
/// A whole controller on a driven clock over a real journal, with the real router and stream and made-up traffic: each key asks
/// once a tick, its arm answers at once or after a while.
/// </summary>
internal sealed class ControlBench : IAsyncDisposable
{
    public const string Id = "MIG-test";

    /// <summary>What a configuration finds in the variable <c>TOKEN</c>.</summary>
    public const string Token = "correct-horse";

    private static readonly TimeSpan s_tick = ControlLoop.Interval;

    private readonly StringWriter _log = new();
    private readonly LoggerFactory _logs;
    private readonly Random _random = new(11);
    private readonly PriorityQueue<Observation, DateTimeOffset> _running = new();
    private long _user;

    public ControlBench(string? config = null)
    {
        File.WriteAllText(ConfigFile, config ?? Config());
        _logs = new LoggerFactory([new LineLogger(TextWriter.Synchronized(_log), Clock)]);
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("mm-control-").FullName;

    public string ConfigFile => Path.Combine(Folder, "model-migrate.yaml");

    public ManualClock Clock { get; } = new();

    public SnapshotFeed Feed { get; private set; } = null!;

    public Router Router { get; private set; } = null!;

    public ObservationStream Observations { get; private set; } = null!;

    public ControlPlane Plane { get; private set; } = null!;

    /// <summary>Failure rates of the arms.</summary>
    public double SourceErrors { get; set; }

    public double TargetErrors { get; set; }

    /// <summary>The version that the target's provider reports.</summary>
    public string TargetVersion { get; set; } = "v1";

    public TimeSpan Latency { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Requests a tick.</summary>
    public int Rate { get; set; } = 50;

    /// <summary>What the probe of a model answers.</summary>
    public Func<string, string?> Probe { get; set; } = _ => null;

    /// <summary>The process log so far, a line an entry.</summary>
    public string[] Log => _log.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public int OnTarget { get; private set; }

    public int OnSource { get; private set; }

    public RolloutReading Reading => Plane.Controller.Latest.Find(Id)!;

    public RolloutPhase Phase => Reading.State.Phase;

    public static string Config(string migration = "", string more = "") => $$"""
        providers:
          here: { kind: openai, baseUrl: "http://127.0.0.1:9/v1" }
          there: { kind: anthropic, baseUrl: "http://127.0.0.1:9" }
        models:
          old: here
          new: there
          spare: here
        routes:
          chat: { model: old, fallback: [spare] }
        migrations:
          MIG-test:
            route: chat
            to: new
            steps: [10%, 25%, 50%]
            hold: 10s
            watch: 30s
        {{migration}}
        {{more}}
        """;

    public static async Task<ControlBench> StartAsync(string? config = null, bool started = true)
    {
        var bench = new ControlBench(config);
        bench.Open();
        if (started)
        {
            await bench.ActAsync(RolloutVerb.Start);
        }

        return bench;
    }

    /// <summary>Opens the controller as a new process would: a new feed, stream and loop over what the folder holds.</summary>
    public void Open()
    {
        Feed = new SnapshotFeed(Clock);
        Observations = new ObservationStream(Clock);
        Router = new Router(Feed, Observations);
        _running.Clear();
        var plane = ControlPlane.TryOpen(Options(), Feed, Observations, Clock, _logs, out var fault);
        Plane = plane ?? throw new InvalidOperationException(string.Join('\n', fault!.Problems));
    }

    public ControlOptions Options() => new()
    {
        ConfigFile = ConfigFile,
        ReadConfig = () => ConfigReader.Read(File.ReadAllText(ConfigFile), ConfigFile, name => name == "TOKEN" ? Token : null),
        DataDirectory = Path.Combine(Folder, "data"),
        Probe = (model, _) => Task.FromResult(Probe(model.Id.Value)),
    };

    /// <summary>Lets time pass with traffic.</summary>
    public async Task RunAsync(TimeSpan time, bool traffic = true)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += s_tick)
        {
            await TickAsync(traffic);
        }
    }

    /// <summary>Lets time pass with traffic until something is so, at most for <paramref name="limit"/>.</summary>
    public async Task UntilAsync(Func<bool> done, TimeSpan limit)
    {
        for (var passed = TimeSpan.Zero; !done(); passed += s_tick)
        {
            Assert.True(passed < limit, $"After {limit} the rollout is {Phase} ({Reading.State.Reason}).");
            await TickAsync(traffic: true);
        }
    }

    /// <summary>A migration that an operator starts, pauses and resumes, and whose target fails so often once the second step begins; until it ends.</summary>
    public async Task MigrateAsync(double targetErrors, RolloutPhase ends)
    {
        SourceErrors = 0.004;
        await ActAsync(RolloutVerb.Start, "go");
        await RunAsync(TimeSpan.FromSeconds(4));
        await ActAsync(RolloutVerb.Pause, "lunch");
        await RunAsync(TimeSpan.FromSeconds(3));
        await ActAsync(RolloutVerb.Resume);
        await UntilAsync(() => Reading.State.Step == 1, TimeSpan.FromMinutes(20));
        TargetErrors = targetErrors;
        await UntilAsync(() => Phase == ends, TimeSpan.FromMinutes(30));
        // The last evidence is committed once a second.
        await RunAsync(TimeSpan.FromSeconds(2), traffic: false);
    }

    public async Task<VerbAnswer> ActAsync(RolloutVerb verb, string reason = "")
    {
        var answer = await Plane.Loop.AskAsync(() => Plane.Controller.Act(Id, verb, "tester", reason), CancellationToken.None);
        return answer ?? throw new InvalidOperationException("The loop is dead.");
    }

    /// <summary>Waits until the loop has done everything that was asked so far, and its probes are answered.</summary>
    public async Task SettleAsync()
    {
        // A probe runs beside the loop, in real time; the driven clock must not run away from it.
        if (await Plane.Loop.AskAsync(() => Plane.Controller.Probing, CancellationToken.None) is { } probing)
        {
            await probing;
        }
    }

    public async Task ReopenAsync()
    {
        await Plane.DisposeAsync();
        Open();
    }

    /// <summary>Ends the controller as <c>kill -9</c> would: nothing is flushed.</summary>
    public async Task CrashAsync()
    {
        await Plane.Loop.KillAsync();
        await Plane.DisposeAsync();
    }

    public Arm Send(string? user = null)
    {
        var route = Feed.Current.Routes["chat"];
        var assignment = Router.Assign(Feed.Current, route, Encoding.UTF8.GetBytes(user ?? $"user-{_user++}"));
        (OnSource, OnTarget) = assignment.Arm == Arm.Target ? (OnSource, OnTarget + 1) : (OnSource + 1, OnTarget);
        if (assignment.Admission is { } admission)
        {
            var failed = _random.NextDouble() < (assignment.Arm == Arm.Target ? TargetErrors : SourceErrors);
            var latency = Latency * (0.5 + _random.NextDouble());
            _running.Enqueue(
                new Observation
                {
                    Ticket = admission.Ticket,
                    Outcome = failed ? Outcome.Error : Outcome.Ok,
                    Latency = latency,
                    FirstToken = failed ? null : latency / 2,
                    Rescued = failed && assignment.Arm == Arm.Target,
                    ModelVersion = assignment.Arm == Arm.Target ? TargetVersion : "v1",
                },
                Clock.GetUtcNow() + latency);
        }

        return assignment.Arm;
    }

    public async ValueTask DisposeAsync()
    {
        await Plane.DisposeAsync();
        _logs.Dispose();
        await _log.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private async Task TickAsync(bool traffic)
    {
        for (var i = 0; traffic && i < Rate; i++)
        {
            Send();
        }

        while (_running.TryPeek(out var observation, out var due) && due <= Clock.GetUtcNow() + s_tick)
        {
            _running.Dequeue();
            Observations.End(observation);
        }

        Clock.Advance(s_tick);
        await SettleAsync();
    }
}
