namespace ModelMigrate.Core.Judging.Display;

/// <summary>
/// Confidence sequence for the probability of an event: all p that the two-sided beta-binomial mixture does not reject (Howard et al. 2021,
/// section 4.2). Holds at every look for independent requests; for display, it decides nothing.
/// </summary>
public static class ShareSequence
{
    /// <summary>How near an end is found. Of few requests not even 0 or 1 is rejected, where the mixture has no value.</summary>
    private const double Precision = 1e-12;

    /// <summary>Lower and upper end after <paramref name="events"/> in <paramref name="requests"/>; 0 and 1 without requests. Tightest near <paramref name="tuned"/> requests.</summary>
    public static (double Low, double High) Of(long events, long requests, double alpha = 0.05, double tuned = 500)
    {
        if (requests <= 0 || events < 0 || events > requests)
        {
            return (0, 1);
        }

        var share = events / (double)requests;
        return (
            share > 0 ? Edge(0, share) : 0,
            share < 1 ? Edge(1, share) : 1);

        // Rejected at the outer end, not at the share itself.
        double Edge(double outside, double inside)
        {
            while (Math.Abs(outside - inside) > Precision)
            {
                var middle = (outside + inside) / 2;
                var variance = middle * (1 - middle);
                var log = new BetaBinomialMixture(variance * tuned, alpha, middle, 1 - middle, oneSided: false).LogOfCounts(events, requests - events);
                (outside, inside) = log > -Math.Log(alpha) ? (middle, inside) : (outside, middle);
            }

            return (outside + inside) / 2;
        }
    }
}
