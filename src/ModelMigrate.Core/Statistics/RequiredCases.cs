namespace ModelMigrate.Core.Statistics;

/// <summary>How many paired cases a question needs.</summary>
public static class RequiredCases
{
    /// <summary>
    /// To show that a target is not worse by a margin: n = (z_α + z_β)² · Var(d) / (margin + difference)², one-sided, not rounded. <paramref name="variance"/>: of one
    /// paired difference; of successes and failures the share of pairs that differ, less the squared difference. Infinite when no number is enough.
    /// </summary>
    public static double NonInferiority(double variance, double margin, double difference = 0, double alpha = 0.05, double power = 0.8) =>
        margin + difference > 0 ? Square(alpha, power) * variance / Math.Pow(margin + difference, 2) : double.PositiveInfinity;

    /// <summary>
    /// To see a difference of either sign: n = (z_α/2 + z_β)² · (ω² + σ_A²/K_A + σ_B²/K_B) / δ² (Miller 2024), not rounded. <paramref name="variance"/>: the sum in brackets.
    /// </summary>
    public static double Difference(double variance, double difference, double alpha = 0.05, double power = 0.8) =>
        Square(alpha / 2, power) * variance / (difference * difference);

    /// <summary>
    /// The chance that so many cases show a mean to be beyond a bound that it is <paramref name="distance"/> away from: Φ(distance · √(n / variance) − z_α), one-sided.
    /// </summary>
    public static double Power(double cases, double variance, double distance, double alpha = 0.05) =>
        Normal.Cumulative((distance * Math.Sqrt(cases / variance)) - Normal.Quantile(1 - alpha));

    private static double Square(double alpha, double power) => Math.Pow(Normal.Quantile(1 - alpha) + Normal.Quantile(power), 2);
}
