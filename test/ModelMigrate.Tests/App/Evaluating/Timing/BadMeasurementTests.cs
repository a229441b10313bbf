using System.Text.Json.Nodes;
using ModelMigrate.Output;
using ModelMigrate.Tests.App.Commands;
using ModelMigrate.Tests.Architecture;

namespace ModelMigrate.Tests.App.Evaluating.Timing;

/// <summary>Command lines that are wrong, and every sentence that must answer each; no model is asked.</summary>
public sealed class BadMeasurementTests : ComparisonTests
{
    public static TheoryData<string, string[]> Lines()
    {
        var lines = new TheoryData<string, string[]>();
        foreach (var row in JsonNode.Parse(Source.Text("test/ModelMigrate.Tests/App/Evaluating/Timing/bad-measurements.json"))!.AsArray())
        {
            lines.Add(row!["line"]!.GetValue<string>(), [.. row["says"]!.AsArray().Select(static says => says!.GetValue<string>())]);
        }

        return lines;
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task Line_Wrong_SaidWholeWithRemedyAndNobodyIsAsked(string line, string[] says)
    {
        var model = await Rig.StartAsync(0.9, seed: 1);
        var run = await CliRun.OfAsync(line.Replace("URL", model.BaseUrl.ToString().TrimEnd('/'), StringComparison.Ordinal).Replace("IN/", Rig.In(""), StringComparison.Ordinal));

        Assert.Equal((int)ExitCode.Usage, run.Code);
        Assert.All(says, sentence => Assert.Contains(sentence, run.Error, StringComparison.Ordinal));
        Assert.Equal(0, model.Stats.Started);
    }
}
