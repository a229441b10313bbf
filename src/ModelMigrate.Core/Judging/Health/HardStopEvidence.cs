namespace ModelMigrate.Core.Judging.Health;

/// <summary>A hard stop that fired.</summary>
/// <param name="Name">Its name in the configuration.</param>
/// <param name="Metric">What it watches.</param>
/// <param name="Value">What was measured: a share, milliseconds, or the difference or ratio to the source.</param>
/// <param name="Threshold">What it may not exceed.</param>
/// <param name="TargetRequests">Target requests in the window.</param>
public sealed record HardStopEvidence(string Name, HardStopMetric Metric, double Value, double Threshold, long TargetRequests);
