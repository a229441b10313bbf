using ModelMigrate.Core.Observing.Blocks;

namespace ModelMigrate.Core.Observing.Signals;

/// <summary>
/// Where a latency stands among the source's, between 0 and 1: the share of source answers that are faster, if the source's are lognormal
/// with the frozen p50 and p90. For two arms the mean difference of ranks is then P(target slower) − ½, the effect of the Mann-Whitney test.
/// </summary>
/// <remarks>
/// The rank is fixed before the requests that it is applied to and the same for both arms, so that any distribution leaves the comparison of
/// means valid; the lognormal shape only makes it sensitive. No answer, however slow, counts more than 1.
/// </remarks>
internal static class LatencyRank
{
    /// <summary>Standard normal quantile of 0.9.</summary>
    private const double Z90 = 1.2815515655446004;

    /// <summary>The logistic function of 1.702·z is within 0.01 of the normal distribution (Bowling et al. 2009, J. Ind. Eng. Manag. 2(1)).</summary>
    private const double Logistic = 1.702;

    /// <summary>Least spread of log latency: a source as regular as a clock must not make one millisecond the whole scale.</summary>
    private const double LeastSpread = 0.05;

    public static double Total(TimeSpan latency, FrozenQuantiles source) => Of(latency, source.TotalP50, source.TotalP90);

    public static double FirstToken(TimeSpan latency, FrozenQuantiles source) => Of(latency, source.FirstTokenP50, source.FirstTokenP90);

    private static double Of(TimeSpan latency, TimeSpan p50, TimeSpan p90)
    {
        if (latency <= TimeSpan.Zero)
        {
            return 0;
        }

        var median = Math.Max(1, p50.Ticks);
        var spread = Math.Max(LeastSpread, Math.Log(Math.Max(1, p90.Ticks) / (double)median) / Z90);
        return 1 / (1 + Math.Exp(-Logistic * Math.Log(latency.Ticks / (double)median) / spread));
    }
}
