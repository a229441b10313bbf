using ModelMigrate.Core.Api;
using ModelMigrate.Core.Rollouts;

namespace ModelMigrate.Tests.Control.Killing;

/// <summary><c>kill -9</c> of the real process, at seeded moments and inside the writes that matter.</summary>
[Trait("kind", "slow")]
public sealed class KillTests
{
    private const string Canary =
        "steps: [10%, 30%, 50%], hold: 6s, watch: 6s, gates: [{ name: errors, metric: errorRate, margin: 10pp }]";

    /// <summary>Where each life of a series ends; <c>after:</c> is a time in milliseconds, the others are crash points.</summary>
    private static readonly string[] s_points = ["journal-write", "checkpoint-write", "publish", "after"];

    private static readonly int s_series = Environment.GetEnvironmentVariable("MODEL_MIGRATE_TEST_FULL") == "1" ? 10 : 1;

    public static TheoryData<int> Series() => [.. Enumerable.Range(0, s_series)];

    [Theory]
    [MemberData(nameof(Series))]
    public async Task Serve_KilledAgainAndAgain_ResumesAtItsStepAndCompletes(int seed)
    {
        const int Lives = 11;
        var random = new Random(seed);
        await using var server = await KillableServer.CreateAsync(Canary);
        var acknowledged = new List<string>();
        for (var life = 0; life < Lives; life++)
        {
            var point = s_points[life % s_points.Length];
            var crash = point == "after" ? null : $"{point}:{1 + random.Next(6)}";
            if (await server.StartAsync(crash))
            {
                await LiveAsync(server, acknowledged, crash is null ? TimeSpan.FromMilliseconds(200 + random.Next(1500)) : TimeSpan.FromSeconds(20));
            }

            Assert.True(crash is null || server.IsDead, $"{crash} was never passed.");
            await server.KillAsync();
            await CheckAsync(server, acknowledged);
        }

        Assert.True(await server.StartAsync(crashPoint: null));
        await CompleteAsync(server);
        await server.KillAsync();
        AssertEveryGatePassed(server.ReadJournal()!.Value.Events);
    }

    [Fact]
    public async Task Serve_BudgetOf50Killed_NeverMoreThan50OnTheTarget()
    {
        await using var server = await KillableServer.CreateAsync("steps: [50%], hold: 1h, exposureBudget: 50");
        for (var life = 0; life < 3; life++)
        {
            Assert.True(await server.StartAsync(crashPoint: null));
            await WaitAsync(async () => (await server.Admin.MigrationAsync(KillableServer.Id)).Value is { ExposureLeft: > 0 } or { ExposureSpent: >= 50 });
            await server.SendAsync(1000);
            await server.KillAsync();
        }

        Assert.InRange(server.Target.Requests.Count, 11, 50);
        Assert.Equal(50, server.ReadJournal()!.Value.State.ExposureSpent);
    }

    /// <summary>Traffic and verbs until the process dies or the time is over. Only what was answered counts as acknowledged.</summary>
    private static async Task LiveAsync(KillableServer server, List<string> acknowledged, TimeSpan limit)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!server.IsDead && TimeProvider.System.GetElapsedTime(began) < limit)
        {
            await server.SendAsync(20);
            foreach (var (verb, kind) in new[] { ("pause", DecisionKind.Paused), ("resume", DecisionKind.Resumed) })
            {
                var mark = $"{kind} {acknowledged.Count}";
                try
                {
                    if ((await server.Admin.ActAsync(KillableServer.Id, verb, mark)).Value is { } answer && answer.Events.Any(item => item.Reason == mark))
                    {
                        acknowledged.Add(mark);
                    }
                }
                catch (Exception gone) when (gone is HttpRequestException or IOException or TaskCanceledException)
                {
                    break;
                }
            }
        }
    }

    /// <summary>Reads the journal of the dead process, starts again untouched, and compares.</summary>
    private static async Task CheckAsync(KillableServer server, List<string> acknowledged)
    {
        var kept = server.ReadJournal();
        if (kept is not var (state, events, evidence))
        {
            Assert.Empty(acknowledged);
            return;
        }

        Assert.Empty(acknowledged.Except(events.Select(item => item.Reason)));
        Assert.True(await server.StartAsync(crashPoint: null));
        var (resumed, problem) = await server.Admin.MigrationAsync(KillableServer.Id);
        Assert.Null(problem);

        // What it did since it resumed is in its journal, and starts from where the dead process was.
        var since = (await server.Admin.EventsAsync(KillableServer.Id, 1000)).Value!.Where(item => item.Seq > events[^1].Seq).Reverse().ToList();
        var text = MigrationSummary.PhaseText(state.Phase, state.Step);
        Assert.Equal(text, since.Count > 0 ? since[0].From : resumed!.Phase);
        if (since.Count == 0)
        {
            Assert.Equal((state.Step + 1, state.Attempt, state.WeightPpm / 1e6), (resumed!.Step, resumed.Attempt, resumed.Weight));
        }

        if (evidence is not null)
        {
            Assert.Equal(evidence.Target.Admissions, resumed!.TargetArm.Admitted);
            Assert.Equal(evidence.Source.Admissions, resumed.SourceArm.Admitted);
            Assert.Equal(evidence.Gates.Select(gate => gate.HarmLog10), resumed.Gates.Select(gate => gate.HarmLog10));
        }

        await server.KillAsync();
    }

    private static async Task CompleteAsync(KillableServer server)
    {
        await server.Admin.ActAsync(KillableServer.Id, "resume");
        await WaitAsync(async () =>
        {
            await server.SendAsync(40);
            return (await server.Admin.MigrationAsync(KillableServer.Id)).Value!.Phase == "completed";
        });
    }

    /// <summary>Each step follows the one before it, and each advance has evidence in which every required gate passed.</summary>
    private static void AssertEveryGatePassed(IReadOnlyList<EventView> events)
    {
        var steps = events.Where(item => item.Kind is DecisionKind.Started or DecisionKind.Advanced or DecisionKind.Promoting or DecisionKind.Watching
            or DecisionKind.Completed).ToList();
        Assert.Equal(
            [DecisionKind.Started, DecisionKind.Advanced, DecisionKind.Advanced, DecisionKind.Promoting, DecisionKind.Watching, DecisionKind.Completed],
            steps.Select(item => item.Kind));
        foreach (var passed in steps.Where(item => item.Kind is DecisionKind.Advanced or DecisionKind.Promoting))
        {
            Assert.All(
                passed.Evidence!.Value.GetProperty("gates").EnumerateArray(),
                gate => Assert.Equal("not_worse", gate.GetProperty("verdict").GetString()));
        }
    }

    internal static async Task WaitAsync(Func<Task<bool>> done)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (!await done())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);
        }
    }
}
