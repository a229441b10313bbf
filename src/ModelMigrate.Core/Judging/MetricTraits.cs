namespace ModelMigrate.Core.Judging;

/// <summary>What follows from a metric alone.</summary>
public static class MetricTraits
{
    /// <summary>What the metric's effect, margin and tolerance are counted in.</summary>
    public static EffectUnit UnitOf(Metric metric) => metric switch
    {
        Metric.ErrorRate or Metric.ThrottlingRate or Metric.CheckFailureRate => EffectUnit.Share,
        Metric.LatencyP50 or Metric.LatencyP90 or Metric.LatencyP95 or Metric.FirstTokenP50 or Metric.FirstTokenP90 or Metric.FirstTokenP95
            or Metric.Cost => EffectUnit.Ratio,
        Metric.Quality or Metric.Preference or Metric.Satisfaction or Metric.Latency or Metric.FirstToken => EffectUnit.Score,
    };

    /// <summary>Whether the metric is judged from matched pairs of scores, and not from events of single requests.</summary>
    public static bool IsPaired(Metric metric) => metric is Metric.Cost or Metric.Quality or Metric.Preference or Metric.Satisfaction
        or Metric.Latency or Metric.FirstToken;

    /// <summary>Whether the metric compares the arms' latencies by rank, over all of their distribution.</summary>
    public static bool IsLatencyRank(Metric metric) => metric is Metric.Latency or Metric.FirstToken;

    /// <summary>Whether the better arm has the smaller value.</summary>
    public static bool IsLowerBetter(Metric metric) => metric is not (Metric.Quality or Metric.Preference or Metric.Satisfaction);

    /// <summary>Whether the metric is a share of requests that can be compared by an absolute difference.</summary>
    public static bool IsRate(Metric metric) => UnitOf(metric) == EffectUnit.Share;

    /// <summary>Whether the metric can count keys instead of requests: a key has an event or not, but many latencies, costs and scores.</summary>
    public static bool CountsKeys(Metric metric) => metric is Metric.ErrorRate or Metric.ThrottlingRate or Metric.CheckFailureRate;

    /// <summary>Whether the metric is latency above a frozen quantile of the source.</summary>
    public static bool IsLatency(Metric metric) => metric is Metric.LatencyP50 or Metric.LatencyP90 or Metric.LatencyP95
        or Metric.FirstTokenP50 or Metric.FirstTokenP90 or Metric.FirstTokenP95;

    /// <summary>
    /// A gate's margin on a step: factor × margin for differences; for a ratio the factor scales what exceeds 1, so that 1.5 at factor 2
    /// is 2. Preference and latency as a whole cannot be looser than 0.45: half of
    /// all pairs is all there is.
    /// </summary>
    public static double MarginAt(GateSpec gate, double factor) =>
        UnitOf(gate.Metric) == EffectUnit.Ratio ? 1 + ((gate.Margin - 1) * factor)
        : (gate.Metric == Metric.Preference || IsLatencyRank(gate.Metric)) && factor > 1 ? Math.Min(gate.Margin * factor, Math.Max(gate.Margin, MostShare))
        : gate.Margin * factor;

    private const double MostShare = 0.45;
}
