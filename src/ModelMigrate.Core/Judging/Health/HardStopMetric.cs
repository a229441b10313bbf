namespace ModelMigrate.Core.Judging.Health;

/// <summary>What a hard stop watches.</summary>
public enum HardStopMetric
{
    ErrorRate,
    LatencyP50,
    LatencyP99,
}
