using System.Xml.Linq;
using ModelMigrate.Benchmarks.Rollouts;
using ModelMigrate.Benchmarks.Rollouts.Results;
using ModelMigrate.Benchmarks.Rollouts.Scenarios;
using ModelMigrate.Benchmarks.Rollouts.Traffic;
using ModelMigrate.Core.Rollouts;
using ModelMigrate.Core.Statistics;

namespace ModelMigrate.Tests.Benchmarks.Rollouts;

/// <summary>The bench runs, repeats itself, and finds a judge that is wrong.</summary>
public sealed class RolloutBenchTests
{
    [Fact]
    public async Task Run_Smoke_GoalsMetAndRepeatable()
    {
        var (code, text) = await RunAsync(["--smoke"]);
        Assert.True(code == 0, text);
        Assert.Contains("PASS  errors+20 at 10/s", text, StringComparison.Ordinal);
        var (_, again) = await RunAsync(["--smoke", "--scenarios", "errors+20"]);
        var row = text.Split('\n').Single(l => l.StartsWith("errors+20 ", StringComparison.Ordinal));
        Assert.Contains(row, again, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_JudgeThatToleratesNothing_FailsTheFalseRollbackGoal()
    {
        // A judge that spends nearly all of α on every look's whim, and takes the equal share for harm.
        var (code, text) = await RunAsync(
            ["--smoke", "--scenarios", "healthy-4"],
            static spec => spec with { Alpha = 0.999, Gates = [.. spec.Gates.Select(g => g with { Tolerance = 0.5 })] });
        Assert.Equal(1, code);
        Assert.Contains("FAIL  false rollbacks in 1 healthy rows", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Files_OneLineACellAndOnePictureAScenario()
    {
        var folder = Directory.CreateTempSubdirectory("model-migrate-bench-");
        try
        {
            var csv = Path.Combine(folder.FullName, "cells.csv");
            await RunAsync(["--reps", "4", "--rates", "1,10", "--scenarios", "healthy-6,errors+20", "--csv", csv, "--svg", folder.FullName]);
            var lines = await File.ReadAllLinesAsync(csv);
            Assert.Equal(CsvFile.Header, lines[0]);
            Assert.Equal(2 * 2 * Workbench.Methods.Count, lines.Length - 1);
            var pictures = folder.GetFiles("*.svg");
            Assert.Equal(["errors+20.svg", "healthy-6.svg"], pictures.Select(p => p.Name).Order(StringComparer.Ordinal));
            Assert.All(pictures, p => Assert.Equal("svg", XDocument.Load(p.FullName).Root!.Name.LocalName));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Scenarios_Names_UniqueAndOfEveryKind()
    {
        Assert.Equal(ScenarioList.All.Count, ScenarioList.All.Select(s => s.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.All(Enum.GetValues<ScenarioKind>(), kind => Assert.Contains(ScenarioList.All, s => s.Kind == kind));
        Assert.All(ScenarioList.All, s => Assert.All(Enumerable.Range(0, 3600), at => Assert.True(s.Load(at) <= s.MostLoad + 1e-9, s.Name)));
    }

    [Theory]
    [InlineData(10, 1000, 0.0054, 0.0183)]
    [InlineData(0, 100, 0, 0.0370)]
    public void Wilson_KnownCounts_PublishedInterval(int count, int of, double low, double high)
    {
        var interval = Wilson.Of(count, of);
        Assert.Equal(low, interval.Low, 1e-4);
        Assert.Equal(high, interval.High, 1e-4);
    }

    private static async Task<(int Code, string Text)> RunAsync(string[] options, Func<RolloutSpec, RolloutSpec>? configure = null)
    {
        await using var output = new StringWriter();
        var code = await RolloutBench.RunAsync(RolloutOptions.Parse(options), output, TextWriter.Null, configure);
        return (code, output.ToString());
    }
}
