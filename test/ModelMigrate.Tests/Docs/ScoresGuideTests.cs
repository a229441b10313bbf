using ModelMigrate.Core.Metrics;
using ModelMigrate.Tests.Architecture;

namespace ModelMigrate.Tests.Docs;

/// <summary>The page on scores names every metric there is.</summary>
public sealed class ScoresGuideTests
{
    [Fact]
    public void Page_OfScores_NamesEveryMetric()
    {
        var page = Source.Text("docs/guide/scores.md");
        Assert.All(MetricTable.All, metric => Assert.Contains($"`{metric.Id}`", page, StringComparison.Ordinal));
        Assert.Contains($"by any of {MetricTable.Of(MetricProfile.Standard).Count()} metrics", Source.Text("README.md"), StringComparison.Ordinal);
    }
}
