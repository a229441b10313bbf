using ModelMigrate.Core.Observing.Blocks;
using ModelMigrate.Core.Observing.Signals;

namespace ModelMigrate.Core.Judging.Gates;

/// <summary>Which counts of a block a metric is judged from.</summary>
internal static class GateSignals
{
    /// <summary>The quantile whose exceedances a latency metric counts, or null.</summary>
    public static LatencyQuantile? QuantileOf(Metric metric) => metric switch
    {
        Metric.LatencyP50 => LatencyQuantile.TotalP50,
        Metric.LatencyP90 => LatencyQuantile.TotalP90,
        Metric.LatencyP95 => LatencyQuantile.TotalP95,
        Metric.FirstTokenP50 => LatencyQuantile.FirstTokenP50,
        Metric.FirstTokenP90 => LatencyQuantile.FirstTokenP90,
        Metric.FirstTokenP95 => LatencyQuantile.FirstTokenP95,
        Metric.ErrorRate or Metric.ThrottlingRate or Metric.CheckFailureRate or Metric.Cost or Metric.Quality or Metric.Preference or Metric.Satisfaction
            or Metric.Latency or Metric.FirstToken => null,
    };

    /// <summary>The name of the event that a rate counts beside failures, or null.</summary>
    public static string? EventOf(GateSpec gate) => gate.Unit == GateUnit.Key ? Signal.OfKeys(RequestEventOf(gate) ?? Signal.Failed) : RequestEventOf(gate);

    /// <summary>The event of single requests whose keys a gate counts, or null.</summary>
    public static string? KeyedEventOf(GateSpec gate) => gate.Unit == GateUnit.Key ? RequestEventOf(gate) ?? Signal.Failed : null;

    private static string? RequestEventOf(GateSpec gate) => gate.Metric switch
    {
        Metric.ThrottlingRate => Signal.Throttled,
        Metric.CheckFailureRate => Signal.OfCheck(gate.Check ?? ""),
        _ => null,
    };

    /// <summary>The score whose pairs a metric compares, or null.</summary>
    public static PairedScore? ScoreOf(Metric metric) => metric switch
    {
        Metric.Cost => PairedScore.Cost,
        Metric.Quality or Metric.Preference => PairedScore.Quality,
        Metric.Satisfaction => PairedScore.Satisfaction,
        Metric.Latency => PairedScore.Latency,
        Metric.FirstToken => PairedScore.FirstToken,
        Metric.ErrorRate or Metric.ThrottlingRate or Metric.CheckFailureRate
            or Metric.LatencyP50 or Metric.LatencyP90 or Metric.LatencyP95 or Metric.FirstTokenP50 or Metric.FirstTokenP90 or Metric.FirstTokenP95 => null,
    };
}
