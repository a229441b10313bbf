using ModelMigrate.Core.Api;
using ModelMigrate.Core.Rollouts;

namespace ModelMigrate.Tests.Control.Api;

/// <summary>Verbs that meet at the API: each change is made and journalled once, the answers agree, and a rollback always wins.</summary>
public sealed class ConcurrentVerbTests
{
    private static readonly string[] s_takenBack = ["rolling_back", "rolled_back"];

    [Fact]
    public async Task Act_ManyStartsAtOnce_OneEntry()
    {
        await using var server = await ControlServer.StartAsync();
        var answers = await AtOnceAsync(server, Enumerable.Repeat("start", 20));
        Assert.All(answers, answer => Assert.Equal(("running(1)", 1), (answer.Value!.Phase, answer.Value.Attempt)));
        Assert.Single(Kinds(server), DecisionKind.Started);
    }

    [Fact]
    public async Task Act_FiftyRollbacksAtOnce_OneEntryAndFiftyEqualAnswers()
    {
        await using var server = await ControlServer.StartAsync();
        await AtOnceAsync(server, ["start"]);
        var answers = await AtOnceAsync(server, Enumerable.Repeat("rollback", 50));
        Assert.All(answers, answer => Assert.Equal(("rolling_back", 0.0), (answer.Value!.Phase, answer.Value.Weight)));
        Assert.Single(Kinds(server), DecisionKind.RollingBack);
        await server.Bench.RunAsync(TimeSpan.FromSeconds(2));
        Assert.Equal(RolloutPhase.RolledBack, server.Bench.Phase);
        Assert.Single(Kinds(server), DecisionKind.RolledBack);
    }

    [Fact]
    public async Task Act_RollbackRacesPromote_RollbackWinsWhicheverCameFirst()
    {
        var (first, second) = (0, 0);
        for (var seed = 0; seed < 20; seed++)
        {
            await using var server = await ControlServer.StartAsync();
            await AtOnceAsync(server, ["start"]);
            var answers = await AtOnceAsync(server, seed % 2 == 0 ? ["rollback", "promote"] : ["promote", "rollback"]);
            var (rollback, promote) = seed % 2 == 0 ? (answers[0], answers[1]) : (answers[1], answers[0]);
            Assert.Null(rollback.Problem);
            Assert.Equal(RolloutPhase.RollingBack, server.Bench.Phase);
            Assert.Equal(0, server.Bench.Feed.Current.Routes["chat"].Split!.WeightPpm);
            // Either it was promoted first and taken back, or there was nothing left to promote.
            Assert.Equal(promote.Problem is null ? 1 : 0, Kinds(server).Count(kind => kind == DecisionKind.Promoting));
            Assert.True(promote.Problem is null or { Status: 409 }, promote.Problem?.Detail);
            Assert.Single(Kinds(server), DecisionKind.RollingBack);
            (first, second) = promote.Problem is null ? (first + 1, second) : (first, second + 1);
        }

        Assert.Equal(20, first + second);
    }

    /// <summary>Seeded rounds of verbs at once, with time and traffic between them, against a model that knows what may come of each.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Act_SeededRoundsOfVerbs_EveryChangeJournalledOnceAndAnAbortWins(int seed)
    {
        string[] verbs = ["start", "pause", "resume", "promote", "rollback", "retry", "approve", "reject"];
        var random = new Random(seed);
        await using var server = await ControlServer.StartAsync();
        for (var round = 0; round < 12; round++)
        {
            var asked = Enumerable.Range(0, random.Next(2, 12)).Select(_ => verbs[random.Next(verbs.Length)]).ToList();
            // A retry after the rollback is a new attempt by a later word; it would hide whether the abort won.
            if (asked.Contains("rollback", StringComparer.Ordinal))
            {
                asked.RemoveAll(verb => verb is "retry" or "start");
            }

            var before = Newest(server);
            var wasUnderWay = server.Bench.Reading.State.IsActive;
            var answers = await AtOnceAsync(server, asked);
            Assert.All(answers, answer => Assert.True(answer.Problem is null or { Status: 409, Code: "verb_not_allowed" }, answer.Problem?.Detail));

            // The journal is one chain: each entry begins where the one before it ended, so none was made twice or in between.
            var entries = server.Bench.Plane.Journal.Events(ControlBench.Id, 1000).Reverse().ToList();
            Assert.All(entries.Zip(entries.Skip(1)), pair => Assert.Equal(pair.First.To, pair.Second.From));
            Assert.Equal(entries.Count, entries.Select(entry => entry.Seq).Distinct().Count());
            var made = entries.Where(entry => entry.Seq > before).ToList();
            Assert.True(made.Count <= answers.Count(answer => answer.Problem is null), $"{made.Count} entries by {string.Join(' ', asked)}");
            Assert.All(made, entry => Assert.Equal("tester", entry.Actor));
            Assert.Equal(
                entries.Count == 0 ? "planned" : entries[^1].To, MigrationSummary.PhaseText(server.Bench.Phase, server.Bench.Reading.State.Step));
            if (wasUnderWay && asked.Contains("rollback", StringComparer.Ordinal))
            {
                Assert.Contains(MigrationSummary.PhaseText(server.Bench.Phase, 0), s_takenBack);
                Assert.Equal(0, server.Bench.Feed.Current.Routes["chat"].Split!.WeightPpm);
                Assert.True(made.Count(entry => entry.Kind is DecisionKind.RollingBack or DecisionKind.Rejected) <= 1);
            }

            await server.Bench.RunAsync(TimeSpan.FromSeconds(random.Next(3)));
        }
    }

    private static long Newest(ControlServer server) => server.Bench.Plane.Journal.Events(ControlBench.Id, 1) is [var newest, ..] ? newest.Seq : 0;

    private static List<string> Kinds(ControlServer server) => [.. server.Bench.Plane.Journal.Events(ControlBench.Id, 1000).Select(item => item.Kind)];

    private static async Task<IReadOnlyList<(MigrationDetail? Value, ProblemView? Problem)>> AtOnceAsync(ControlServer server, IEnumerable<string> verbs)
    {
        var client = new AdminClient(server.Http);
        var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var calls = verbs.Select(async verb =>
        {
            await open.Task;
            return verb == "rollback" ? await client.ActAsync(ControlBench.Id, "rollback", "", "tester") : await client.ActAsync(ControlBench.Id, verb, "", "tester");
        }).ToList();
        open.SetResult();
        return await Task.WhenAll(calls);
    }
}
