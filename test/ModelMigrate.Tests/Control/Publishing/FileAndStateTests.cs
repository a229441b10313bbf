using ModelMigrate.Core.Rollouts;
using ModelMigrate.Tests.App.Commands;

namespace ModelMigrate.Tests.Control.Publishing;

/// <summary>The file against the journal, as an operator sees it over HTTP.</summary>
public sealed class FileAndStateTests
{
    [Fact]
    public async Task Start_EmptyJournal_WarnsThatTheSourceServes()
    {
        await using var server = await ControlServer.StartAsync();
        var warning = Assert.Single((await server.Admin.StatusAsync()).Value!.Disagreements);
        Assert.Contains("route chat serves its source old until the migration is started", warning, StringComparison.Ordinal);
        await server.Admin.ActAsync(ControlBench.Id, "start");
        Assert.Empty((await server.Admin.StatusAsync()).Value!.Disagreements);
    }

    [Fact]
    public async Task Change_OfARunningMigration_PendingUntilRetryTakesIt()
    {
        await using var server = await ControlServer.StartAsync();
        await server.Admin.ActAsync(ControlBench.Id, "start");
        await WriteAsync(server, ControlBench.Config().Replace("[10%, 25%, 50%]", "[20%, 50%]", StringComparison.Ordinal));
        var pending = (await server.Admin.MigrationAsync(ControlBench.Id)).Value!;
        Assert.Equal(0.1, pending.Weight);
        var change = Assert.Single(pending.PendingChanges);
        Assert.Matches(@"^steps: \[10% .*\] -> \[20% .*\] \(pending, takes effect with: model-migrate migrations retry MIG-test\)$", change);
        Assert.Contains(change, Assert.Single((await server.Admin.StatusAsync()).Value!.Disagreements), StringComparison.Ordinal);

        var run = await CliRun.OfAsync($"migrations retry {ControlBench.Id} --server {server.Url}");
        Assert.Equal(0, run.Code);
        var retried = (await server.Admin.MigrationAsync(ControlBench.Id)).Value!;
        Assert.Equal((0.2, 2, 2), (retried.Weight, retried.Steps, retried.Attempt));
        Assert.NotEqual(pending.SpecHash, retried.SpecHash);
        Assert.Empty(retried.PendingChanges);
        Assert.Empty((await server.Admin.StatusAsync()).Value!.Disagreements);
    }

    [Fact]
    public async Task Removal_OfARunningMigration_RefusedWithTheRemedy()
    {
        await using var server = await ControlServer.StartAsync();
        await server.Admin.ActAsync(ControlBench.Id, "start");
        await WriteAsync(server, WithoutMigrations());
        Assert.Equal(0.1, (await server.Admin.RoutesAsync()).Value!.Single().Weight);
        var run = await CliRun.OfAsync($"status --server {server.Url}");
        Assert.Contains("the last good one serves", run.Out, StringComparison.Ordinal);
        Assert.Contains("MIG-test is running(1) and the file no longer declares it. Put it back, or end it first: model-migrate rollback --migration-id MIG-test", run.Out, StringComparison.Ordinal);

        await server.Admin.RollbackAsync(ControlBench.Id);
        await server.Bench.UntilAsync(() => server.Bench.Phase == RolloutPhase.RolledBack, TimeSpan.FromMinutes(2));
        await WriteAsync(server, WithoutMigrations() + "# ended\n");
        Assert.Empty((await server.Admin.StatusAsync()).Value!.ConfigurationProblems);
    }

    [Fact]
    public async Task Reload_Broken_LastGoodServesAndStatusHoldsEveryProblem()
    {
        await using var server = await ControlServer.StartAsync();
        await server.Admin.ActAsync(ControlBench.Id, "start");
        var revision = (await server.Admin.StatusAsync()).Value!.Revision;
        await WriteAsync(server, ControlBench.Config().Replace("to: new", "to: nwe", StringComparison.Ordinal).Replace("watch: 30s", "wotch: 30s", StringComparison.Ordinal));
        var status = (await server.Admin.StatusAsync()).Value!;
        Assert.Equal(revision, status.Revision);
        Assert.Equal(2, status.ConfigurationProblems.Count);
        Assert.Matches(@"model-migrate\.yaml:\d+:\d+: error unknown-model: .* Write new", status.ConfigurationProblems[0]);
        Assert.Matches(@"model-migrate\.yaml:\d+:\d+: error unknown-key: .* Write 'watch'", status.ConfigurationProblems[1]);
        await WriteAsync(server, ControlBench.Config());
        Assert.Empty((await server.Admin.StatusAsync()).Value!.ConfigurationProblems);
    }

    [Fact]
    public async Task Restart_FileChangedMeanwhile_EveryDisagreementListed()
    {
        await using var bench = await ControlBench.StartAsync();
        File.WriteAllText(bench.ConfigFile, ControlBench.Config().Replace("[10%, 25%, 50%]", "[20%, 50%]", StringComparison.Ordinal).Replace("watch: 30s", "watch: 40s", StringComparison.Ordinal));
        await bench.ReopenAsync();
        Assert.Equal(
            ["steps", "watch"],
            bench.Plane.Controller.Latest.Disagreements.Select(text => text.Split("started with: ")[1].Split(':')[0]));
        File.WriteAllText(bench.ConfigFile, WithoutMigrations());
        await bench.ReopenAsync();
        Assert.Equal(
            "MIG-test is under way and the file does not declare it. It goes on as it was started.",
            Assert.Single(bench.Plane.Controller.Latest.Disagreements));
        Assert.Equal(100_000, bench.Feed.Current.Routes["chat"].Split!.WeightPpm);
    }

    [Fact]
    public async Task Reload_SecondMigrationOnARoute_Refused()
    {
        await using var server = await ControlServer.StartAsync();
        await WriteAsync(server, ControlBench.Config(migration: "  MIG-second: { route: chat, to: spare }"));
        Assert.Contains("The route 'chat' already has the migration MIG-test; a route has one at a time.", Assert.Single((await server.Admin.StatusAsync()).Value!.ConfigurationProblems), StringComparison.Ordinal);
    }

    // The file can name another migration while the server is down: the journal still knows the one under way.
    [Fact]
    public async Task Start_RouteHeldByAnotherMigration_RefusedNamingIt()
    {
        await using var bench = await ControlBench.StartAsync();
        File.WriteAllText(bench.ConfigFile, ControlBench.Config().Replace("MIG-test:", "MIG-second:", StringComparison.Ordinal));
        await bench.ReopenAsync();
        Assert.Equal(["MIG-test is under way and the file does not declare it. It goes on as it was started."], bench.Plane.Controller.Latest.Disagreements);
        var refused = bench.Plane.Controller.Act("MIG-second", RolloutVerb.Start, "tester", "").Refusal!;
        Assert.Equal((409, "route_occupied"), (refused.Status, refused.Code));
        Assert.Equal("Route chat is held by MIG-test (running(1)). Finish it or roll it back first: model-migrate rollback --migration-id MIG-test", refused.Detail);
        await bench.ActAsync(RolloutVerb.Rollback);
        await bench.UntilAsync(() => bench.Phase == RolloutPhase.RolledBack, TimeSpan.FromMinutes(2));
        Assert.Null(bench.Plane.Controller.Act("MIG-second", RolloutVerb.Start, "tester", "").Refusal);
    }

    [Fact]
    public async Task Status_Phases_OnlyVerbsThatDoSomething()
    {
        await using var server = await ControlServer.StartAsync();
        Assert.Equal(["start"], (await server.Admin.MigrationAsync(ControlBench.Id)).Value!.Verbs);
        Assert.Equal(["pause", "promote", "rollback", "retry"], (await server.Admin.ActAsync(ControlBench.Id, "start")).Value!.Verbs);
        Assert.Equal(["resume", "promote", "rollback", "retry"], (await server.Admin.ActAsync(ControlBench.Id, "pause")).Value!.Verbs);
    }

    private static string WithoutMigrations() => ControlBench.Config()[..ControlBench.Config().IndexOf("migrations:", StringComparison.Ordinal)];

    private static async Task WriteAsync(ControlServer server, string text)
    {
        await File.WriteAllTextAsync(server.Bench.ConfigFile, text);
        await server.Bench.RunAsync(TimeSpan.FromSeconds(4), traffic: false);
    }
}
