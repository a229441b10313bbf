using System.Text.Json;
using System.Text.RegularExpressions;
using ModelMigrate.Core.Rollouts;
using ModelMigrate.Tests.App.Commands;
using ModelMigrate.Tests.Control;

namespace ModelMigrate.Tests.App.Recorded;

/// <summary>What the real control plane decided and exported, <c>judge</c> decides again; and an export that was changed is found out.</summary>
public sealed partial class JudgeExportTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData(0.0, RolloutPhase.Completed)]
    [InlineData(0.2, RolloutPhase.RolledBack)]
    public async Task Judge_ExportOfAMigration_SameDecisionsBitForBit(double targetErrors, RolloutPhase ends)
    {
        await ExportAsync(targetErrors, ends);
        var run = await CliRun.OfAsync($"judge --observations {_file}");
        Assert.True(run.Code == 0, run.Out + run.Error);
        Assert.Contains("advanced → running(2); evidence the same bit for bit", run.Out, StringComparison.Ordinal);
        Assert.Contains(ends == RolloutPhase.Completed ? "completed → completed" : "rolling_back by errors → rolling_back", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("DIFFERENT", run.Out, StringComparison.Ordinal);
        Assert.Equal(0, (await CliRun.OfAsync($"judge --observations {_file} --json")).Code);
    }

    [Fact]
    public async Task Judge_TamperedExport_ExitsOneAndSaysWhere()
    {
        await ExportAsync(0.2, RolloutPhase.RolledBack);
        var lines = await File.ReadAllLinesAsync(_file);
        (string Name, Func<string[], IEnumerable<string>> Change)[] changes =
        [
            ("a block's failures", all => Once(all, "block", line => Failures().Replace(line, "\"failures\":0"))),
            ("a block left out", all => all.Where((_, i) => i != Array.FindIndex(all, line => line.StartsWith("{\"type\":\"block\"", StringComparison.Ordinal)))),
            ("the reason", all => Once(all, "event", line => line.Replace("Step 1 passed", "Step 1 failed", StringComparison.Ordinal))),
            ("the evidence", all => Once(all, "event", line => line.Contains("\"actor\":\"judge\"", StringComparison.Ordinal) ? Promote().Replace(line, "\"promote_log10\":9.5") : line)),
            ("a decision left out", all => all.Where(line => !line.Contains("\"kind\":\"advanced\"", StringComparison.Ordinal))),
            ("the last decision left out", all => all.Where(line => !line.Contains("\"kind\":\"rolling_back\"", StringComparison.Ordinal))),
            ("a decision's look", all => all.Where(line => !IsTick(line, At(all, "rolling_back")))),
            ("the end", all => Once(all, "state", line => line.Replace("rolled_back", "completed", StringComparison.Ordinal))),
            ("the committed judge", all => Once(all, "checkpoint", line => line.Replace("\"blocks\":", "\"blocks\":1", StringComparison.Ordinal))),
        ];
        foreach (var (name, change) in changes)
        {
            var changed = change(lines).ToList();
            Assert.False(lines.SequenceEqual(changed), name);
            await File.WriteAllLinesAsync(_file, changed);
            var run = await CliRun.OfAsync($"judge --observations {_file}");
            Assert.True(run.Code == 1 && run.Out.Contains("DIFFERENT", StringComparison.Ordinal), $"{name}: {run.Out}{run.Error}");
        }
    }

    [Fact]
    public async Task Judge_ChangedSpecification_IsNoExport()
    {
        await ExportAsync(0.2, RolloutPhase.RolledBack);
        var text = await File.ReadAllTextAsync(_file);
        await File.WriteAllTextAsync(_file, text.Replace("\"alpha\":0.05", "\"alpha\":0.06", StringComparison.Ordinal));
        var run = await CliRun.OfAsync($"judge --observations {_file}");
        Assert.Equal(2, run.Code);
        Assert.Contains("is not the one that was named so", run.Error, StringComparison.Ordinal);
    }

    private static long At(string[] lines, string kind) =>
        JsonDocument.Parse(lines.First(line => line.Contains($"\"kind\":\"{kind}\"", StringComparison.Ordinal))).RootElement.GetProperty("at").GetInt64();

    private static bool IsTick(string line, long at) =>
        line.StartsWith("{\"type\":\"tick\"", StringComparison.Ordinal) && JsonDocument.Parse(line).RootElement.GetProperty("at").GetInt64() == at;

    private static IEnumerable<string> Once(string[] lines, string type, Func<string, string> change)
    {
        var at = Array.FindIndex(lines, line => line.StartsWith($"{{\"type\":\"{type}\"", StringComparison.Ordinal) && change(line) != line);
        return lines.Select((line, i) => i == at ? change(line) : line);
    }

    private async Task ExportAsync(double targetErrors, RolloutPhase ends)
    {
        await using var server = await ControlServer.StartAsync();
        await server.Bench.MigrateAsync(targetErrors, ends);
        var run = await CliRun.OfAsync($"migrations export --id {ControlBench.Id} --server {server.Url}");
        Assert.Equal((0, ""), (run.Code, run.Error));
        await File.WriteAllTextAsync(_file, run.Out);
    }

    [GeneratedRegex("\"failures\":[1-9][0-9]*", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Failures();

    [GeneratedRegex("\"promote_log10\":[0-9.]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Promote();
}
