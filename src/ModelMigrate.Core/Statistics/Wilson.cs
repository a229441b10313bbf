namespace ModelMigrate.Core.Statistics;

/// <summary>Wilson's score interval for a share (Wilson 1927): also right for few trials, and for shares of 0 and 1.</summary>
public static class Wilson
{
    /// <summary>The interval; 0 to 1 without any trial.</summary>
    public static Interval Of(long events, long trials, double confidence = 0.95) => Of((double)events, trials, confidence);

    /// <summary>Of a sum of scores from 0 to 1: never too narrow, for no such scores vary more than those that are 0 or 1.</summary>
    public static Interval Of(double events, long trials, double confidence = 0.95)
    {
        if (trials == 0)
        {
            return new Interval(0, 1);
        }

        var z = confidence == 0.95 ? 1.959963984540054 : Normal.Quantile((1 + confidence) / 2);
        var share = events / trials;
        var centre = share + (z * z / (2 * trials));
        var half = z * Math.Sqrt((share * (1 - share) / trials) + (z * z / (4.0 * trials * trials)));
        var scale = 1 + (z * z / trials);
        return new Interval(events == 0 ? 0 : (centre - half) / scale, events == trials ? 1 : (centre + half) / scale);
    }
}
