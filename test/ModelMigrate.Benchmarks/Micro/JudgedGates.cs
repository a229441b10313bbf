using ModelMigrate.Core.Judging;

namespace ModelMigrate.Benchmarks.Micro;

/// <summary>Eight gates, the first three those of chat.</summary>
internal static class JudgedGates
{
    public static IReadOnlyList<GateSpec> All { get; } =
    [
        new() { Name = "errors", Metric = Metric.ErrorRate, Margin = 0.01 },
        Latency("latency_p50", Metric.LatencyP50),
        Latency("latency_p90", Metric.LatencyP90),
        Latency("first_token_p50", Metric.FirstTokenP50),
        Latency("first_token_p90", Metric.FirstTokenP90),
        Latency("latency_p50_strict", Metric.LatencyP50),
        Latency("latency_p90_strict", Metric.LatencyP90),
        new() { Name = "errors_strict", Metric = Metric.ErrorRate, Margin = 0.005 },
    ];

    private static GateSpec Latency(string name, Metric metric) => new() { Name = name, Metric = metric, Margin = 1.5, Tolerance = 1.25 };
}
