namespace ModelMigrate.Core.Judging.Gates;

/// <summary>The gates of a migration that names none.</summary>
public static class GateDefaults
{
    /// <summary>Chat: failures within 1 pp; total latency exceedance at p50 and p90 within 1.5, of which up to 1.25 is no harm.</summary>
    public static IReadOnlyList<GateSpec> Chat { get; } =
    [
        new() { Name = "errors", Metric = Metric.ErrorRate, Margin = 0.01, Tolerance = 1, AlphaShare = 2 },
        new() { Name = "latency_p50", Metric = Metric.LatencyP50, Margin = 1.5, Tolerance = 1.25, AlphaShare = 1 },
        new() { Name = "latency_p90", Metric = Metric.LatencyP90, Margin = 1.5, Tolerance = 1.25, AlphaShare = 1 },
    ];
}
