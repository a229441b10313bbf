using ModelMigrate.Core.Rollouts;

namespace ModelMigrate.Tests.Control.Killing;

/// <summary>The journal's disk is full under a running process: the system refuses every write, then lets them through again.</summary>
[Trait("kind", "slow")]
public sealed class FullDiskTests
{
    [Fact]
    public async Task Serve_DiskFull_ServesOnRollsBackAndJournalsItLater()
    {
        await using var server = await KillableServer.CreateAsync("steps: [50%], hold: 1h");
        Assert.True(await server.StartAsync(crashPoint: null));
        Assert.Equal(50, await server.SendAsync(50));
        Assert.NotEmpty(server.Target.Requests);

        await server.LimitFilesAsync(bytes: 0);
        await KillTests.WaitAsync(async () =>
        {
            Assert.Equal(10, await server.SendAsync(10));
            return (await server.Admin.StatusAsync()).Value is { StoreHealthy: false };
        });
        var (_, refused) = await server.Admin.ActAsync(KillableServer.Id, "rollback", "the disk is full", "tester");
        Assert.True(refused is { Status: 503, Code: "store_down" }, $"{refused}\n{server.Output}");
        Assert.Contains("in force", refused.Detail, StringComparison.Ordinal);
        var met = server.Target.Requests.Count;
        Assert.Equal(200, await server.SendAsync(200));
        Assert.Equal(met, server.Target.Requests.Count);

        await server.LimitFilesAsync(bytes: null);
        await KillTests.WaitAsync(async () => (await server.Admin.StatusAsync()).Value is { StoreHealthy: true }
            && (await server.Admin.MigrationAsync(KillableServer.Id)).Value is { Phase: "rolled_back" });
        await server.KillAsync();
        var (state, events, _) = server.ReadJournal()!.Value;
        Assert.Equal(RolloutPhase.RolledBack, state.Phase);
        Assert.Contains(events, item => item is { Kind: "rolling_back", Actor: "tester" });
    }
}
