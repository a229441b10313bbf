using MathNet.Numerics;

namespace ModelMigrate.Core.Judging.Processes;

/// <summary>The incomplete beta function on the logarithmic scale, where the plain one would be 0.</summary>
internal static class BetaFunction
{
    /// <summary>Below this the regularised function is summed on the logarithmic scale.</summary>
    private const double Tiny = 1e-200;

    /// <summary>ln B(x; a, b), not regularised; a, b &gt; 0, x in (0, 1].</summary>
    public static double LogIncomplete(double a, double b, double x)
    {
        if (x >= 1)
        {
            return SpecialFunctions.BetaLn(a, b);
        }

        var share = SpecialFunctions.BetaRegularized(a, b, x);
        if (share > Tiny)
        {
            return Math.Log(share) + SpecialFunctions.BetaLn(a, b);
        }

        // x is far below the mode: x^a (1−x)^b / a · 2F1(a+b, 1; a+1; x), terms positive and soon falling (DLMF 8.17.8).
        double sum = 1, term = 1;
        for (var k = 0; term > sum * 1e-17; k++)
        {
            term *= (a + b + k) / (a + 1 + k) * x;
            sum += term;
        }

        return (a * Math.Log(x)) + (b * Math.Log(1 - x)) - Math.Log(a) + Math.Log(sum);
    }
}
