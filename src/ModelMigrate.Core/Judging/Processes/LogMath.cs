namespace ModelMigrate.Core.Judging.Processes;

/// <summary>Sums of numbers that are kept as logarithms.</summary>
internal static class LogMath
{
    /// <summary>1 / ln 10: natural to base-10 logarithm.</summary>
    public const double ToLog10 = 0.43429448190325182;

    /// <summary>ln(eᵃ + eᵇ) without overflow.</summary>
    public static double Add(double a, double b)
    {
        var high = Math.Max(a, b);
        return double.IsNegativeInfinity(high) ? high : high + Math.Log(1 + Math.Exp(Math.Min(a, b) - high));
    }

    /// <summary>ln Σ eˣ without overflow.</summary>
    public static double Sum(ReadOnlySpan<double> logs)
    {
        var high = double.NegativeInfinity;
        foreach (var each in logs)
        {
            high = Math.Max(high, each);
        }

        if (double.IsNegativeInfinity(high))
        {
            return high;
        }

        var sum = 0.0;
        foreach (var each in logs)
        {
            sum += Math.Exp(each - high);
        }

        return high + Math.Log(sum);
    }
}
