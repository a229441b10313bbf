using ModelMigrate.Core.Rollouts;

namespace ModelMigrate.Tests.Control.Publishing;

public sealed class ReloadTests
{
    [Fact]
    public async Task Reload_GoodFile_TakenOverWhole()
    {
        await using var bench = await ControlBench.StartAsync(started: false);
        var revision = bench.Feed.Current.Revision;
        await WriteAsync(bench, ControlBench.Config().Replace("model: old,", "model: spare,", StringComparison.Ordinal).Replace("[spare]", "[old]", StringComparison.Ordinal));
        Assert.Equal("spare", bench.Feed.Current.Routes["chat"].Model.Id.Value);
        Assert.True(bench.Feed.Current.Revision > revision);
    }

    [Fact]
    public async Task Reload_BadFile_LastGoodStaysAndStatusSaysWhy()
    {
        await using var bench = await ControlBench.StartAsync(started: false);
        var revision = bench.Feed.Current.Revision;
        await WriteAsync(bench, "routes: { chat: nothing }");
        Assert.Equal(revision, bench.Feed.Current.Revision);
        Assert.NotEmpty(bench.Plane.Controller.Latest.ConfigurationProblems);
        await WriteAsync(bench, ControlBench.Config());
        Assert.Empty(bench.Plane.Controller.Latest.ConfigurationProblems);
    }

    [Fact]
    public async Task Reload_RunningMigrationRemoved_Refused()
    {
        await using var bench = await ControlBench.StartAsync();
        var file = ControlBench.Config();
        await WriteAsync(bench, file[..file.IndexOf("migrations:", StringComparison.Ordinal)]);
        var problem = Assert.Single(bench.Plane.Controller.Latest.ConfigurationProblems);
        Assert.Contains("the file no longer declares it", problem, StringComparison.Ordinal);
        Assert.Equal(100_000, bench.Feed.Current.Routes["chat"].Split!.WeightPpm);
    }

    [Fact]
    public async Task Reload_RunningMigrationChanged_PendingUntilRetry()
    {
        await using var bench = await ControlBench.StartAsync();
        await WriteAsync(bench, ControlBench.Config().Replace("[10%, 25%, 50%]", "[20%, 50%]", StringComparison.Ordinal));
        Assert.Equal(100_000, bench.Feed.Current.Routes["chat"].Split!.WeightPpm);
        Assert.Contains(bench.Reading.Pending, change => change.StartsWith("steps:", StringComparison.Ordinal));
        await bench.ActAsync(RolloutVerb.Retry);
        Assert.Equal(200_000, bench.Feed.Current.Routes["chat"].Split!.WeightPpm);
        Assert.Empty(bench.Reading.Pending);
    }

    [Fact]
    public async Task Reload_TargetsAddressChanged_EvidenceBeginsAnew()
    {
        await using var bench = await ControlBench.StartAsync();
        await WriteAsync(bench, ControlBench.Config().Replace("\"http://127.0.0.1:9\"", "\"http://127.0.0.1:10\"", StringComparison.Ordinal));
        Assert.Equal(2, bench.Reading.State.EvidenceEpoch);
        Assert.Equal("http://127.0.0.1:10/", bench.Feed.Current.Routes["chat"].Split!.Target.Provider.BaseUrl.ToString());
    }

    private static async Task WriteAsync(ControlBench bench, string text)
    {
        File.WriteAllText(bench.ConfigFile, text);
        await bench.RunAsync(TimeSpan.FromSeconds(4), traffic: false);
    }
}
