namespace ModelMigrate.Core.Judging.Health;

/// <summary>What a hard stop watches.</summary>
public enum HardStopMetric
{
    ErrorRate,
    LatencyP50,
    LatencyP99,
    LatencyP95,

    /// <summary>Mean quality score; the only one that fires below its threshold.</summary>
    Quality,

    /// <summary>Share of the checked answers that fail one named check.</summary>
    CheckFailureRate,
}
