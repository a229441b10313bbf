using ModelMigrate.Core.Judging.Processes;

namespace ModelMigrate.Core.Judging.Display;

/// <summary>
/// The beta-binomial mixture supermartingale of Howard, Ramdas, McAuliffe and Sekhon (Annals of Statistics 49, 2021, arXiv 1810.08240,
/// prop. 7) for sums of steps between −g and h: with g = p and h = 1 − p, steps are an event of probability p minus p.
/// </summary>
/// <remarks>Tightest at the variance <paramref name="vOpt"/>; valid at every look for every g, h &gt; 0.</remarks>
internal readonly struct BetaBinomialMixture(double vOpt, double alphaOpt, double g, double h, bool oneSided)
{
    private readonly double _r = Math.Max(BestRho(vOpt, oneSided ? 2 * alphaOpt : alphaOpt) - (g * h), 1e-3 * g * h);

    /// <summary>ln of the mixture at the sum <paramref name="s"/> with variance process <paramref name="v"/>; below 1/α always with probability 1 − α.</summary>
    public double Log(double s, double v)
    {
        var x = oneSided ? h / (g + h) : 1;
        return (v / (g * h) * Math.Log(g + h))
            - ((v + (h * s)) / (h * (g + h)) * Math.Log(g))
            - ((v - (g * s)) / (g * (g + h)) * Math.Log(h))
            + BetaFunction.LogIncomplete((_r + v - (g * s)) / (g * (g + h)), (_r + v + (h * s)) / (h * (g + h)), x)
            - BetaFunction.LogIncomplete(_r / (g * (g + h)), _r / (h * (g + h)), x);
    }

    /// <summary>
    /// ln of the mixture after so many requests with the event and without, for g + h = 1: the same as <see cref="Log"/> of their sum, without
    /// the differences that lose all digits when nearly every request has it, or none.
    /// </summary>
    public double LogOfCounts(long with, long without)
    {
        var x = oneSided ? h : 1;
        return -(with * Math.Log(g)) - (without * Math.Log(h))
            + BetaFunction.LogIncomplete((_r / g) + without, (_r / h) + with, x)
            - BetaFunction.LogIncomplete(_r / g, _r / h, x);
    }

    /// <summary>The largest sum at <paramref name="v"/> that does not cross 1/α; v/g, the largest possible one, when none does.</summary>
    public double Bound(double v, double alpha)
    {
        double low = 0, high = v / g;
        var needed = -Math.Log(alpha);
        if (Log(high, v) < needed)
        {
            return high;
        }

        for (var i = 0; i < 50; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = Log(middle, v) < needed ? (middle, high) : (low, middle);
        }

        return (low + high) / 2;
    }

    /// <summary>The normal mixture's ρ that is tightest at <paramref name="v"/>, near enough (same source, section 3.5).</summary>
    public static double BestRho(double v, double alpha) => v / ((-2 * Math.Log(alpha)) + Math.Log(1 - (2 * Math.Log(alpha))));
}
