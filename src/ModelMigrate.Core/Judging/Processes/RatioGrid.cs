using System.Runtime.Intrinsics;

namespace ModelMigrate.Core.Judging.Processes;

/// <summary>
/// Likelihood ratios of the conditional-binomial test: given the events of a block, each fell to the target with probability
/// θ(r) = w·r / (w·r + 1 − w), r the ratio of event probabilities and w the target's share of the exposures (Lindon and Malek 2022,
/// arXiv 2011.03567).
/// </summary>
/// <remarks>
/// For independent requests whose mean event probabilities satisfy p_T ≤ r0·p_S (bets r &gt; r0; or ≥ with bets r &lt; r0) the expected
/// ratio of a block is at most 1 for every r0, not only for rare events: with a = θ1/θ0, b = (1−θ1)/(1−θ0) it is
/// Π(1 + p_i(a−1))·Π(1 + q_i(b−1)) ≤ exp(Σp_i(a−1) + Σq_i(b−1)) ≤ 1.
/// </remarks>
internal static class RatioGrid
{
    /// <summary>Ratios that are bet on for harm.</summary>
    public const int HarmSize = 24;

    /// <summary>Ratios that are bet on for non-inferiority.</summary>
    public const int PromoteSize = 12;

    private const double Least = 1.15;
    private const double Most = 20;
    private const double Nearest = 0.04;
    private const double Farthest = 1.4;

    /// <summary>Logarithms of r_j / r0 for harm: 1.15 to 20 in geometric steps.</summary>
    public static ReadOnlySpan<double> HarmLogs => s_harm;

    private static readonly double[] s_harm = Harm();

    /// <summary>The same as ratios r_j / r0.</summary>
    public static ReadOnlySpan<double> HarmRatios => s_harmRatios;

    private static readonly double[] s_harmRatios = Array.ConvertAll(s_harm, Math.Exp);

    /// <summary>Logarithms of r_j / r0 for non-inferiority: −0.04 to −1.4 in geometric steps.</summary>
    public static ReadOnlySpan<double> PromoteLogs => s_promote;

    private static readonly double[] s_promote = Promote();

    /// <summary>
    /// For each ratio: <paramref name="perTarget"/> = ln(θ(r)/θ(r0)), what one target event adds, and <paramref name="perSource"/> =
    /// ln((1−θ(r))/(1−θ(r0))), what one source event adds. The number of ratios is a multiple of four.
    /// </summary>
    public static void Steps(double w, double r0, ReadOnlySpan<double> logs, Span<double> perTarget, Span<double> perSource)
    {
        var basis = Math.Log((w * r0) + 1 - w);
        var slope = Vector256.Create(w * r0);
        var offset = Vector256.Create(1 - w);
        for (var j = 0; j < logs.Length; j += Vector256<double>.Count)
        {
            var log = Vector256.Create(logs[j..]);
            var source = Vector256.Create(basis) - Vector256.Log((slope * Vector256.Exp(log)) + offset);
            source.CopyTo(perSource[j..]);
            (log + source).CopyTo(perTarget[j..]);
        }
    }

    private static double[] Harm()
    {
        var logs = new double[HarmSize];
        for (var j = 0; j < HarmSize; j++)
        {
            logs[j] = Math.Log(Least) + (Math.Log(Most / Least) * j / (HarmSize - 1));
        }

        return logs;
    }

    private static double[] Promote()
    {
        var logs = new double[PromoteSize];
        for (var j = 0; j < PromoteSize; j++)
        {
            logs[j] = -Nearest * Math.Pow(Farthest / Nearest, j / (double)(PromoteSize - 1));
        }

        return logs;
    }
}
