namespace ModelMigrate.Core.Judging.Explaining;

/// <summary>
/// How much more is expected to be needed until evidence crosses, given what it reached. Estimates to be shown, never part of a verdict: what is
/// missing over the growth of the best single bet, and 1.5 nats for the mixture as in <see cref="Planning"/>, less as evidence gathers.
/// </summary>
internal static class Outlook
{
    private const double MixtureCost = 1.5;

    /// <summary>Bets up to this share of the largest are in the grids.</summary>
    private const double MostShare = 0.93;

    /// <summary>What is missing of <paramref name="needed"/>, in nats; 0 when it is reached.</summary>
    public static double Missing(double reached, double needed) =>
        reached >= needed ? 0 : needed - reached + (MixtureCost * (1 - Math.Clamp(reached / needed, 0, 1)));

    /// <summary>
    /// Events of either arm until <paramref name="missing"/> nats of harm, when the target's event probability is <paramref name="ratio"/> times
    /// the source's and up to <paramref name="tolerance"/> is no harm: missing / KL(θ(ratio) ‖ θ(tolerance)), θ(r) = w·r / (w·r + 1 − w).
    /// </summary>
    public static double HarmEvents(double missing, double share, double ratio, double tolerance)
    {
        var theta = Theta(share, ratio);
        return ratio > tolerance && share is > 0 and < 1 ? missing / Divergence(theta, Theta(share, tolerance)) : double.PositiveInfinity;
    }

    /// <summary>Events of either arm until a ratio margin is passed by arms of equal speed: missing / KL(w ‖ θ(margin)).</summary>
    public static double PromotionEvents(double missing, double share, double margin) =>
        margin > 1 && share is > 0 and < 1 ? missing / Divergence(share, Theta(share, margin)) : double.PositiveInfinity;

    /// <summary>Pairs until an absolute margin is passed by arms that fail equally often, independently.</summary>
    public static double PromotionPairs(double missing, double errorRate, double margin)
    {
        var discordant = errorRate * (1 - errorRate);
        return missing / Best(MostShare / (1 - margin), lambda =>
            (discordant * Math.Log(1 + (lambda * (margin - 1)))) + (discordant * Math.Log(1 + (lambda * (margin + 1))))
            + ((1 - (2 * discordant)) * Math.Log(1 + (lambda * margin))));
    }

    /// <summary>
    /// Pairs of scores until a bet on their mean crosses, when each gains <paramref name="gain"/> on average with variance
    /// <paramref name="variance"/>: growth λ·gain − λ²·(variance + gain²)/2, good to second order.
    /// </summary>
    public static double ScorePairs(double missing, double gain, double variance, double mostLambda) => gain > 0
        ? missing / Best(MostShare * mostLambda, lambda => (lambda * gain) - (lambda * lambda * (variance + (gain * gain)) / 2))
        : double.PositiveInfinity;

    /// <summary>Decided pairs until the chance to win, truly <paramref name="chance"/>, is told from <paramref name="boundary"/>.</summary>
    public static double DecidedPairs(double missing, double chance, double boundary) =>
        chance.Equals(boundary) || boundary is not (> 0 and < 1) ? double.PositiveInfinity : missing / Divergence(chance, boundary);

    private static double Theta(double share, double ratio) => share * ratio / ((share * ratio) + 1 - share);

    /// <summary>Kullback-Leibler divergence of two coins.</summary>
    private static double Divergence(double p, double q) =>
        (p > 0 ? p * Math.Log(p / q) : 0) + (p < 1 ? (1 - p) * Math.Log((1 - p) / (1 - q)) : 0);

    private static double Best(double most, Func<double, double> growth)
    {
        var best = 0.0;
        for (var share = 0.01; share <= 1; share += 0.01)
        {
            best = Math.Max(best, growth(share * most));
        }

        return best;
    }
}
