using System.Globalization;
using ModelMigrate.Core.Judging.Health;

namespace ModelMigrate.Core.Judging.Explaining;

/// <summary>Hard stops as people say them.</summary>
internal static class HardStopWords
{
    /// <summary>For example <c>errors more than 5 pp above the source's over 300 s, from 100 requests on</c>.</summary>
    public static string Rule(HardStopSpec stop) =>
        $"{Subject(stop.Metric, stop.Check)} {Beyond(stop.Metric, stop.Threshold, stop.RelativeToSource)} over {Number(stop.Window.TotalSeconds)} s, "
        + $"from {stop.MinimumSamples} {Samples(stop.Metric)} on";

    /// <summary>What was measured and what may not be passed.</summary>
    public static string Fired(HardStopEvidence fired) =>
        $"{Subject(fired.Metric, fired.Check)} {Value(fired.Metric, fired.Value, fired.RelativeToSource)}, the rule stops {Beyond(fired.Metric, fired.Threshold, fired.RelativeToSource)}; "
        + $"{fired.TargetRequests} {Samples(fired.Metric)} of the target in {Number(fired.WindowSeconds)} s";

    private static string Subject(HardStopMetric metric, string? check) => metric switch
    {
        HardStopMetric.ErrorRate => "errors",
        HardStopMetric.LatencyP50 => "p50 latency",
        HardStopMetric.LatencyP95 => "p95 latency",
        HardStopMetric.LatencyP99 => "p99 latency",
        HardStopMetric.Quality => "quality",
        HardStopMetric.CheckFailureRate => $"failures of the check {check}",
    };

    private static string Beyond(HardStopMetric metric, double threshold, bool relative) => metric switch
    {
        HardStopMetric.ErrorRate or HardStopMetric.CheckFailureRate =>
            relative ? $"more than {Number(threshold * 100)} pp above the source's" : $"above {Number(threshold * 100)} %",
        HardStopMetric.Quality => relative ? $"below {Number(threshold)} of the source's" : $"below {Number(threshold)}",
        _ => relative ? $"above {Number(threshold)} times the source's" : $"above {Number(threshold)} ms",
    };

    private static string Value(HardStopMetric metric, double value, bool relative) => metric switch
    {
        HardStopMetric.ErrorRate or HardStopMetric.CheckFailureRate => relative ? $"{Number(value * 100)} pp above the source's" : $"{Number(value * 100)} %",
        HardStopMetric.Quality => relative ? $"{Number(value)} of the source's" : Number(value),
        _ => relative ? $"{Number(value)} times the source's" : $"{Number(value)} ms",
    };

    private static string Samples(HardStopMetric metric) => metric switch
    {
        HardStopMetric.Quality => "scored pairs",
        HardStopMetric.CheckFailureRate => "checked answers",
        _ => "requests",
    };

    private static string Number(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:0.###}");
}
