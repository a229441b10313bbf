using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace ModelMigrate.Core.Statistics;

/// <summary>Exact bounds of a share from its events and trials (Clopper and Pearson 1934): never too narrow, for what must not be missed.</summary>
public static class ExactShare
{
    /// <summary>One-sided: the largest share that as few events still fit; 1 without any trial.</summary>
    public static double Upper(long events, long trials, double confidence = 0.95) =>
        events >= trials ? 1 : events == 0 ? 1 - Math.Pow(1 - confidence, 1.0 / trials) : Beta.InvCDF(events + 1, trials - events, confidence);

    /// <summary>One-sided: the smallest share that as many events still fit; 0 without any event.</summary>
    public static double Lower(long events, long trials, double confidence = 0.95) =>
        events == 0 ? 0 : events == trials ? Math.Pow(1 - confidence, 1.0 / trials) : Beta.InvCDF(events, trials - events + 1, 1 - confidence);

    /// <summary>The chance of as many events or more when each trial has the share: the exact one-sided p of "the share is not above".</summary>
    public static double AsMany(long events, long trials, double share) => events <= 0 ? 1 : events > trials ? 0 : SpecialFunctions.BetaRegularized(events, trials - events + 1, share);

    /// <summary>Trials of which none may have the event for <see cref="Upper"/> to be within a limit: 2,995 for 0.001.</summary>
    public static long CleanTrials(double limit, double confidence = 0.95)
    {
        var trials = (long)Math.Ceiling(Math.Log(1 - confidence) / Math.Log(1 - limit));
        // The logarithms may round to either side of a whole number.
        return trials > 1 && Upper(0, trials - 1, confidence) <= limit ? trials - 1 : Upper(0, trials, confidence) <= limit ? trials : trials + 1;
    }

    /// <summary>The least trials with which <see cref="Upper"/> is within a limit in spite of the events.</summary>
    public static long Trials(long events, double limit, double confidence = 0.95)
    {
        var few = Math.Max(events, CleanTrials(limit, confidence) - 1);
        var many = few;
        while (Upper(events, many, confidence) > limit)
        {
            many *= 2;
        }

        while (many - few > 1)
        {
            var middle = few + ((many - few) / 2);
            (few, many) = Upper(events, middle, confidence) > limit ? (middle, many) : (few, middle);
        }

        return many;
    }
}
