using System.Text.Json;
using ModelMigrate.Core.Rollouts;
using ModelMigrate.Tests.App.Commands;

namespace ModelMigrate.Tests.Control.Reports;

/// <summary>The report of a migration that really ran, through the real command line over real HTTP.</summary>
public sealed class ReportRunTests
{
    [Fact]
    public async Task Report_RolledBackByTheJudge_HoldsEveryDecisionWithItsEvidence()
    {
        await using var server = await ControlServer.StartAsync();
        var bench = server.Bench;
        await bench.ActAsync(RolloutVerb.Start, "let us see");
        await bench.UntilAsync(() => bench.Reading.State.Step == 1, TimeSpan.FromMinutes(10));
        bench.TargetErrors = 0.3;
        await bench.UntilAsync(() => bench.Phase == RolloutPhase.RolledBack, TimeSpan.FromMinutes(10));

        var text = (await CliRun.OfAsync($"report --migration-id {ControlBench.Id} --server {server.Url}")).Out;
        var timeline = text.Split("## Timeline")[1].Split('\n').Where(line => line.StartsWith("| 2", StringComparison.Ordinal)).ToList();
        Assert.Contains("| started | tester | planned → running(1) |", timeline[0], StringComparison.Ordinal);
        foreach (var decision in new[] { "| advanced | judge |", "| rolling_back | judge |" })
        {
            var line = Assert.Single(timeline, line => line.Contains(decision, StringComparison.Ordinal));
            Assert.Matches(@"errors: \d+ of [1-9]\d* against \d+ of [1-9]\d*, harm 10\^-?\d+\.\d\d of 10\^\d\.\d\d, promotion .* α 0\.\d+; latency_p50: ", line);
        }

        Assert.Contains("**rolled_back**, target at 0%", text, StringComparison.Ordinal);
        Assert.Contains("target not proven", text, StringComparison.Ordinal);
        foreach (var title in new[] { "Models", "Arms", "Gates", "Exposure", "Success criteria", "Risks", "Timeline" })
        {
            Assert.Contains($"\n## {title}\n", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Report_AsJson_SaysWhatStatusSays()
    {
        await using var server = await ControlServer.StartAsync();
        await server.Bench.ActAsync(RolloutVerb.Start);
        await server.Bench.RunAsync(TimeSpan.FromSeconds(5));
        var detail = (await server.Admin.MigrationAsync(ControlBench.Id)).Value!;
        using var json = JsonDocument.Parse((await CliRun.OfAsync($"report --migration-id {ControlBench.Id} --format json --server {server.Url}")).Out);
        var report = json.RootElement;
        Assert.Equal(
            (detail.Id, detail.Phase, detail.TargetArm.Admitted, detail.TargetArm.Admitted + detail.SourceArm.Admitted, detail.SpecHash),
            (report.GetProperty("migration_id").GetString(), report.GetProperty("outcome").GetString(), report.GetProperty("exposed").GetInt64(),
                report.GetProperty("assigned").GetInt64(), report.GetProperty("spec_hash").GetString()));
        Assert.Equal(4, report.GetProperty("gates").GetArrayLength());
        Assert.Equal("started", report.GetProperty("timeline")[0].GetProperty("kind").GetString());
    }

    [Fact]
    public async Task Report_PromotedByHand_DoesNotCallTheTargetProven()
    {
        await using var server = await ControlServer.StartAsync();
        await server.Bench.ActAsync(RolloutVerb.Start);
        await server.Bench.ActAsync(RolloutVerb.Promote, "checked by hand");
        var text = (await server.Admin.ReportAsync(ControlBench.Id)).Value!;
        Assert.Contains("target taken on the word of tester", text, StringComparison.Ordinal);
    }
}
