using ModelMigrate.Core.Rollouts;
using ModelMigrate.Tests.App.Commands;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Control.Api;

/// <summary>What <c>migrations finalize</c> prints, applied with the real programs, makes the file say what is true.</summary>
public sealed class FinalizeTests
{
    [ProgramFact("patch")]
    public Task Finalize_Completed_ByPatch_FileSaysTheTarget() => RunAsync(completed: true, "patch -p0 < finalize.diff");

    [ProgramFact("git")]
    public Task Finalize_Completed_ByGitApply_FileSaysTheTarget() => RunAsync(completed: true, "git apply -p0 finalize.diff");

    [ProgramFact("patch")]
    public Task Finalize_RolledBack_ByPatch_FileSaysTheSource() => RunAsync(completed: false, "patch -p0 < finalize.diff");

    [Fact]
    public async Task Finalize_FileAlreadyTrue_SaysSoAndPrintsNoDiff()
    {
        await using var server = await ControlServer.StartAsync();
        await server.Bench.ActAsync(RolloutVerb.Start);
        await server.Bench.ActAsync(RolloutVerb.Rollback);
        await server.Bench.UntilAsync(() => server.Bench.Phase == RolloutPhase.RolledBack, TimeSpan.FromMinutes(2));
        var file = ControlBench.Config();
        await File.WriteAllTextAsync(server.Bench.ConfigFile, file[..file.IndexOf("migrations:", StringComparison.Ordinal)]);
        var run = await CliRun.OfAsync($"migrations finalize {ControlBench.Id} --server {server.Url}");
        Assert.Equal((0, ""), (run.Code, run.Out));
        Assert.Contains("nothing needs to change", run.Error, StringComparison.Ordinal);
    }

    private static async Task RunAsync(bool completed, string apply)
    {
        await using var server = await ControlServer.StartAsync();
        var bench = server.Bench;
        await bench.ActAsync(RolloutVerb.Start);
        await bench.ActAsync(completed ? RolloutVerb.Promote : RolloutVerb.Rollback);
        await bench.UntilAsync(() => bench.Phase is RolloutPhase.Completed or RolloutPhase.RolledBack, TimeSpan.FromMinutes(2));
        var disagreements = (await server.Admin.StatusAsync()).Value!.Disagreements;
        Assert.Equal(completed, disagreements.Any(text => text.Contains($"migrations finalize {ControlBench.Id}", StringComparison.Ordinal)));

        var run = await CliRun.OfAsync($"migrations finalize {ControlBench.Id} --server {server.Url}");
        Assert.Equal(0, run.Code);
        await File.WriteAllTextAsync(Path.Combine(bench.Folder, "finalize.diff"), run.Out);
        var (code, output, error) = await Shell.RunAsync(apply, bench.Folder);
        Assert.True(code == 0, output + error);

        var read = bench.Options().ReadConfig();
        Assert.Empty(read.Errors);
        Assert.Empty(read.Config!.Migrations);
        var serves = completed ? "new" : "old";
        Assert.Equal(serves, read.Config.Routes.Single().Model.Value);
        await bench.RunAsync(TimeSpan.FromSeconds(4), traffic: false);
        var status = (await server.Admin.StatusAsync()).Value!;
        Assert.Empty(status.ConfigurationProblems);
        Assert.Empty(status.Disagreements);
        var route = (await server.Admin.RoutesAsync()).Value!.Single();
        Assert.Equal((serves, null), (route.Model, route.Migration));
    }
}
