namespace ModelMigrate.Core.Judging;

/// <summary>What a gate compares between the arms.</summary>
public enum Metric
{
    /// <summary>Share of an arm's requests that failed, before any rescue.</summary>
    ErrorRate,

    /// <summary>Total latency at the median: share of requests above the source's frozen median.</summary>
    LatencyP50,

    /// <summary>Total latency at the 90th percentile.</summary>
    LatencyP90,

    /// <summary>Time to first token at the median.</summary>
    FirstTokenP50,

    /// <summary>Time to first token at the 90th percentile.</summary>
    FirstTokenP90,
}
