using ModelMigrate.Core.Judging.Health;

namespace ModelMigrate.Core.Plans.Stopping;

/// <summary>An absolute hard stop as a rule about events: which share of a healthy target's requests speak against it, and how many are too many.</summary>
/// <param name="Name">The hard stop's name.</param>
/// <param name="Events">Probability that one request of a healthy target is such an event: fails, or is slower than the threshold.</param>
/// <param name="Threshold">Error rate: the share that may not be exceeded. Latency: the share above the quantile, 0.01 for p99.</param>
/// <param name="IsQuantile">Whether a quantile is compared, whose rank is rounded up.</param>
/// <param name="WindowSeconds">The window.</param>
/// <param name="MinimumSamples">Requests below which it is silent.</param>
internal sealed record StopRule(string Name, double Events, double Threshold, bool IsQuantile, long WindowSeconds, int MinimumSamples)
{
    /// <summary>The rule of a hard stop, or null when the traffic does not say what the rule needs.</summary>
    public static StopRule? Of(HardStopSpec spec, Traffic traffic)
    {
        var latency = spec.Metric == HardStopMetric.ErrorRate ? null : traffic.ShareSlowerThan(spec.Threshold);
        return spec.Metric switch
        {
            HardStopMetric.ErrorRate => Rule(traffic.ErrorRate, spec.Threshold, isQuantile: false),
            HardStopMetric.LatencyP50 => latency is { } slow ? Rule(slow, 0.5, isQuantile: true) : null,
            HardStopMetric.LatencyP95 => latency is { } slow ? Rule(slow, 0.05, isQuantile: true) : null,
            HardStopMetric.LatencyP99 => latency is { } slow ? Rule(slow, 0.01, isQuantile: true) : null,
            HardStopMetric.Quality or HardStopMetric.CheckFailureRate => null,
        };

        StopRule Rule(double events, double threshold, bool isQuantile) => new(
            spec.Name, events, threshold, isQuantile, (long)spec.Window.TotalSeconds, Math.Max(1, spec.MinimumSamples));
    }

    /// <summary>Whether it fires on that many events of that many requests, as <see cref="HardStops"/> compares them.</summary>
    public bool Fires(long requests, long events) => requests >= MinimumSamples
        && (IsQuantile ? events > requests - (long)Math.Ceiling((1 - Threshold) * requests) : events / (double)requests > Threshold);
}
