namespace ModelMigrate.Core.Judging;

/// <summary>How many requests a decision is expected to need: for <c>check</c>'s forecast. Estimates, never part of a verdict.</summary>
public static class Planning
{
    /// <summary>What a mixture over the grid costs against the best single bet, in nats.</summary>
    private const double MixtureCost = 1.5;

    /// <summary>
    /// Events (failures of either arm) until harm of a given ratio shows: (ln(1/α) + 1.5) / KL(θ(r) ‖ w), θ(r) = w·r / (w·r + 1 − w)
    /// (rollouts research 2.1(a)).
    /// </summary>
    public static double HarmEvents(double alpha, double share, double ratio)
    {
        var theta = share * ratio / ((share * ratio) + 1 - share);
        return Math.Ceiling((Math.Log(1 / alpha) + MixtureCost) / ((theta * Math.Log(theta / share)) + ((1 - theta) * Math.Log((1 - theta) / (1 - share)))));
    }

    /// <summary>
    /// Target requests until two equal arms failing with probability <paramref name="errorRate"/> pass an absolute margin: what
    /// the best bet of E = Π(1 + λ(δ − D)) grows by each pair. Infinite when no bet grows.
    /// </summary>
    public static double PromotionPairs(double alpha, double errorRate, double margin)
    {
        var discordant = errorRate * (1 - errorRate);
        var best = 0.0;
        for (var share = 0.01; share < 1; share += 0.01)
        {
            var lambda = share / (1 - margin);
            best = Math.Max(
                best,
                (discordant * Math.Log(1 + (lambda * (margin - 1)))) + (discordant * Math.Log(1 + (lambda * (margin + 1))))
                + ((1 - (2 * discordant)) * Math.Log(1 + (lambda * margin))));
        }

        return best > 0 ? Math.Ceiling((Math.Log(1 / alpha) + MixtureCost) / best) : double.PositiveInfinity;
    }

    /// <summary>
    /// Requests of both arms until two equally fast arms pass a ratio margin on the exceedance of a quantile
    /// (<paramref name="exceedance"/> 0.5 for the median, 0.1 for p90), at the target's share of the traffic.
    /// </summary>
    public static double PromotionRequests(double alpha, double exceedance, double margin, double share)
    {
        var theta = share * margin / ((share * margin) + 1 - share);
        var perEvent = (share * Math.Log(share / theta)) + ((1 - share) * Math.Log((1 - share) / (1 - theta)));
        return Math.Ceiling((Math.Log(1 / alpha) + MixtureCost) / perEvent / exceedance);
    }
}
