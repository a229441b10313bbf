namespace ModelMigrate.Core.Metrics;

/// <summary>Which way a metric improves.</summary>
public enum MetricDirection
{
    HigherIsBetter = 0,

    LowerIsBetter = 1,

    /// <summary>A description, not a quality: no gate may ask whether it got better.</summary>
    Neither = 2,
}
