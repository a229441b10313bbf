using ModelMigrate.Core.Metrics;

namespace ModelMigrate.Tests.Core.Metrics;

public sealed class WorstScoreTests
{
    [Theory]
    [InlineData(MetricDirection.HigherIsBetter, 1, 5, 1.0)]
    [InlineData(MetricDirection.LowerIsBetter, 1, 5, 5.0)]
    [InlineData(MetricDirection.LowerIsBetter, 1, 2, 2.0)]
    [InlineData(MetricDirection.LowerIsBetter, 0, double.PositiveInfinity, null)]
    [InlineData(MetricDirection.HigherIsBetter, 0, double.PositiveInfinity, 0.0)]
    [InlineData(MetricDirection.HigherIsBetter, double.NegativeInfinity, 1, null)]
    [InlineData(MetricDirection.Neither, 0, 1, null)]
    public void Of_AMetric_IsTheEndThatItMovesAwayFrom(MetricDirection direction, double low, double high, double? worst) =>
        Assert.Equal(worst, WorstScore.Of(AnswerMetric.Kept("own", "own|version:1", low, high, direction).Definition));

    [Theory]
    [InlineData(MetricDirection.HigherIsBetter, 1.0, 0.0)]
    [InlineData(MetricDirection.LowerIsBetter, 1.0, 1.0)]
    [InlineData(MetricDirection.Neither, 1.0, null)]
    [InlineData(MetricDirection.HigherIsBetter, 4.0, null)]
    [InlineData(MetricDirection.LowerIsBetter, double.PositiveInfinity, null)]
    [InlineData(MetricDirection.HigherIsBetter, null, null)]
    public void Of_ARange_IsKnownOfOneAlone(MetricDirection direction, double? range, double? worst) => Assert.Equal(worst, WorstScore.Of(direction, range));
}
