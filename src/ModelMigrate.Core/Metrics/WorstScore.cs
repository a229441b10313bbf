namespace ModelMigrate.Core.Metrics;

/// <summary>The worst score that a metric can have; null when there is none or it is not known. A gate whose margin lies beyond it says nothing.</summary>
public static class WorstScore
{
    public static double? Of(MetricDefinition metric) => Of(metric.Direction, metric.Low, metric.High);

    /// <summary>Where only the largest difference is known: one of 1 is taken for scores from 0 to 1.</summary>
    public static double? Of(MetricDirection direction, double? range) => range == 1 ? Of(direction, 0, 1) : null;

    private static double? Of(MetricDirection direction, double low, double high)
    {
        var worst = direction switch { MetricDirection.HigherIsBetter => low, MetricDirection.LowerIsBetter => high, MetricDirection.Neither => double.NaN };
        return double.IsFinite(worst) ? worst : null;
    }
}
