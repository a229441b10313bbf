namespace ModelMigrate.Core.Judging.Display;

/// <summary>Half-widths of asymptotic confidence sequences (Waudby-Smith et al., arXiv 2103.06476), tightest at n = tuned. For display only.</summary>
internal static class AsymptoticSequence
{
    public const double Tuned = 5000;

    /// <summary>Two-sided; <paramref name="s"/> = standard error × √n.</summary>
    public static double TwoSided(double s, double n, double alpha, double tuned = Tuned)
    {
        var rho2 = Rho2(alpha, tuned);
        return s * Math.Sqrt(2 * ((n * rho2) + 1) / (n * n * rho2) * Math.Log(Math.Sqrt((n * rho2) + 1) / alpha));
    }

    /// <summary>One-sided.</summary>
    public static double OneSided(double s, double n, double alpha, double tuned = Tuned)
    {
        var rho2 = Rho2(2 * alpha, tuned);
        return s * Math.Sqrt(2 * ((n * rho2) + 1) / (n * n * rho2) * Math.Log(1 + (Math.Sqrt((n * rho2) + 1) / (2 * alpha))));
    }

    private static double Rho2(double alpha, double tuned) => ((-2 * Math.Log(alpha)) + Math.Log((-2 * Math.Log(alpha)) + 1)) / tuned;
}
