using ModelMigrate.Core.Observing.Blocks;

namespace ModelMigrate.Core.Judging.Display;

/// <summary>
/// Confidence sequence for one quantile of a latency: between the empirical quantiles at p − u and p + u, u the one-sided beta-binomial mixture
/// bound at α/2 on each side over n (Howard and Ramdas, Bernoulli 28, 2022, arXiv 1906.09712, theorem 1). Holds at every look for independent
/// requests; a histogram's buckets add their width of 5 %. For display, it decides nothing.
/// </summary>
public static class QuantileSequence
{
    /// <summary>Lower and upper end, null where the answers counted so far bound nothing. Tightest near <paramref name="tuned"/> answers.</summary>
    public static (TimeSpan? Low, TimeSpan? High) Of(LatencyHistogram latency, double p, double alpha = 0.05, double tuned = 500)
    {
        if (latency.Count == 0 || p is not (> 0 and < 1))
        {
            return (null, null);
        }

        var n = (double)latency.Count;
        var low = p - (Width(1 - p, p) / n);
        var high = p + (Width(p, 1 - p) / n);
        return (low <= 0 ? null : latency.Quantile(low), high >= 1 ? null : latency.Quantile(high));

        double Width(double g, double h) =>
            new BetaBinomialMixture(p * (1 - p) * tuned, alpha / 2, g, h, oneSided: true).Bound(p * (1 - p) * n, alpha / 2);
    }
}
