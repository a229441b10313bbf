namespace ModelMigrate.Core.Judging;

/// <summary>What a hard stop watches.</summary>
public enum HardStopMetric
{
    ErrorRate,
    LatencyP50,
    LatencyP99,
}
