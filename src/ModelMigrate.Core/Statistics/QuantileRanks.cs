using MathNet.Numerics;

namespace ModelMigrate.Core.Statistics;

/// <summary>Which of sorted values a quantile is, and which two enclose the true one whatever the values' distribution: order statistics (David and Nagaraja 2003, 7.1). Ranks from 1.</summary>
public static class QuantileRanks
{
    /// <summary>The least value that at least this share of the values does not exceed.</summary>
    public static long Of(double share, long count) => Math.Clamp((long)Math.Ceiling((share * count) - 1e-9), 1, Math.Max(1, count));

    /// <summary>
    /// Ranks between which the true quantile lies with at least the confidence, half of the rest on either side; null on a side where no value is far enough out. Values must not
    /// depend on each other.
    /// </summary>
    public static (long? Low, long? High) Around(double share, long count, double confidence = 0.95)
    {
        var tail = (1 - confidence) / 2;

        // Values below the true quantile are binomial. Low: the largest rank r with P(fewer than r) within the tail.
        long low = 0, above = count;
        while (low < above)
        {
            var middle = low + ((above - low + 1) / 2);
            (low, above) = AtMost(middle - 1, share, count) <= tail ? (middle, above) : (low, middle - 1);
        }

        // High: the smallest rank r with P(r or more) within the tail.
        long high = 1, most = count + 1;
        while (high < most)
        {
            var middle = high + ((most - high) / 2);
            (high, most) = AtMost(middle - 1, share, count) >= 1 - tail ? (high, middle) : (middle + 1, most);
        }

        return (low == 0 ? null : low, high > count ? null : high);
    }

    /// <summary>The fewest values whose largest is an upper bound of the quantile: 368 for the 99th percentile.</summary>
    public static long CountForUpper(double share, double confidence = 0.95) => (long)Math.Ceiling(Math.Log((1 - confidence) / 2) / Math.Log(share));

    /// <summary>P(at most <paramref name="events"/> of the trials).</summary>
    private static double AtMost(long events, double share, long trials) =>
        events < 0 ? 0 : events >= trials ? 1 : SpecialFunctions.BetaRegularized(trials - events, events + 1, 1 - share);
}
