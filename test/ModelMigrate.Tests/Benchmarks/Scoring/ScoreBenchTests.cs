using ModelMigrate.Benchmarks.Scoring;
using ModelMigrate.Core.Metrics;

namespace ModelMigrate.Tests.Benchmarks.Scoring;

public sealed class ScoreBenchTests
{
    [Fact]
    public async Task RunAsync_OfFewPairs_ScoresThemByEveryMetric()
    {
        using var output = new StringWriter();
        Assert.Equal(0, await ScoreBench.RunAsync(["--pairs", "20"], output));
        Assert.All(MetricTable.Of(MetricProfile.Standard), metric => Assert.Contains($"| `{metric.Id}` |", output.ToString(), StringComparison.Ordinal));
    }
}
