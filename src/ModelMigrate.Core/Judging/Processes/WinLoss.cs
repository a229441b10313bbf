using MathNet.Numerics;

namespace ModelMigrate.Core.Judging.Processes;

/// <summary>
/// Evidence from pairs that one side won, ties left out: the binomial likelihood with a uniform prior on the alternative against its
/// boundary, E = B(p0; W+1, L+1) / (p0^(W+1)·(1−p0)^L), which for p0 = ½ is 2^(n+1)·B(½; W+1, L+1) (rollouts research 2.4; the same test as a
/// sequential McNemar). Valid at every look for independent pairs whose chance to win is at least p0 given the past.
/// </summary>
internal static class WinLoss
{
    /// <summary>Below this the incomplete beta function is summed on the logarithmic scale.</summary>
    private const double Tiny = 1e-200;

    /// <summary>ln E that the chance to win is below <paramref name="p0"/>; not a number for a p0 outside (0, 1) or negative counts.</summary>
    /// <remarks>Evidence that it is above p0: exchange wins and losses and take 1 − p0.</remarks>
    public static double LogBelow(long wins, long losses, double p0 = 0.5) =>
        wins < 0 || losses < 0 || p0 is not (> 0 and < 1)
            ? double.NaN
            : LogIncompleteBeta(wins + 1.0, losses + 1.0, p0) - ((wins + 1) * Math.Log(p0)) - (losses * Math.Log(1 - p0));

    private static double LogIncompleteBeta(double a, double b, double x)
    {
        var share = SpecialFunctions.BetaRegularized(a, b, x);
        if (share > Tiny)
        {
            return Math.Log(share) + SpecialFunctions.BetaLn(a, b);
        }

        // x is far below the mode: B(x; a, b) = x^a (1−x)^b / a · 2F1(a+b, 1; a+1; x), terms positive and soon falling.
        double sum = 1, term = 1;
        for (var k = 0; term > sum * 1e-17; k++)
        {
            term *= (a + b + k) / (a + 1 + k) * x;
            sum += term;
        }

        return (a * Math.Log(x)) + (b * Math.Log(1 - x)) - Math.Log(a) + Math.Log(sum);
    }
}
