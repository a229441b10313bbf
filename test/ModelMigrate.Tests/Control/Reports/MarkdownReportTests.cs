using System.Text.Json;
using ModelMigrate.Control.Reports;
using ModelMigrate.Tests.Architecture;

namespace ModelMigrate.Tests.Control.Reports;

public sealed class MarkdownReportTests
{
    [Fact]
    public void Write_FixedMigration_IsTheGoldenReport() => Assert.Equal(
        File.ReadAllText(Path.Combine(Source.Root, "test/ModelMigrate.Tests/Control/Reports/report.md")), MarkdownReport.Write(ReportSamples.Report()));

    [Fact]
    public void Json_FixedMigration_SaysTheSame()
    {
        var json = JsonSerializer.SerializeToElement(ReportSamples.Report(), ReportJson.Default.MigrationReport);

        Assert.Equal("holding(2)", json.GetProperty("outcome").GetString());
        Assert.Equal(["started", "advanced", "alerted"], json.GetProperty("timeline").EnumerateArray().Select(entry => entry.GetProperty("kind").GetString()));
        Assert.Equal(0.0304, json.GetProperty("timeline")[1].GetProperty("alpha").GetDouble());
        Assert.Equal(1000, json.GetProperty("exposed").GetInt64());
        Assert.Equal(6, json.GetProperty("rescued").GetInt64());
        Assert.False(json.TryGetProperty("ended_at", out _));
        var stop = Assert.Single(json.GetProperty("stops_fired").EnumerateArray());
        Assert.Equal(("errors5", 0.062, 0.05, 300, 130), (
            stop.GetProperty("name").GetString(), stop.GetProperty("value").GetDouble(), stop.GetProperty("threshold").GetDouble(),
            stop.GetProperty("window_seconds").GetInt32(), stop.GetProperty("samples").GetInt32()));
        var gate = Assert.Single(json.GetProperty("gates").EnumerateArray());
        Assert.Equal(1.57, gate.GetProperty("harm_missing").GetDouble(), 1e-9);
        Assert.True(gate.GetProperty("promote_needs").GetDouble() > 0 && gate.GetProperty("harm_needs").GetDouble() > 0);
    }

    [Fact]
    public void Criteria_FixedMigration_MetNotMetOrNotYet()
    {
        Assert.Equal(["met", "not_met", "met"], ReportSamples.Report().Criteria.Select(each => each.Status));
        Assert.Equal(["not_yet", "not_yet", "not_yet"], Criterion.Of(ReportSamples.Detail().TargetArm with { Ended = 99 }, ReportSamples.Target()).Select(each => each.Status));
        Assert.Equal(["met", "not_yet", "not_yet"], Criterion.Of(ReportSamples.Detail().TargetArm, null).Select(each => each.Status));
    }

    [Fact]
    public void Risks_SameModelTwice_None() => Assert.Empty(Risk.Of(ReportSamples.Source(), ReportSamples.Source()));

    [Fact]
    public void Risks_ModelNoLongerDeclared_Said() => Assert.Equal("high", Assert.Single(Risk.Of(ReportSamples.Source(), null)).Level);
}
