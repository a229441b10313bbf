using MathNet.Numerics;

namespace ModelMigrate.Core.Judging.Health;

/// <summary>
/// Sequential sample ratio test: Dirichlet-multinomial against multinomial marginal likelihood (Lindon and Malek 2022,
/// arXiv 2011.03567; the golden values are those of Optimizely's ssrm).
/// </summary>
internal static class DirichletMultinomial
{
    /// <summary>How sharply the alternative is centred on the weight.</summary>
    public const double Concentration = 100;

    /// <summary>ln of the likelihood of counts whose probabilities are Dirichlet(<paramref name="prior"/>).</summary>
    public static double LogMarginal(ReadOnlySpan<long> counts, ReadOnlySpan<double> prior)
    {
        var log = LogCoefficient(counts);
        double sum = 0, total = 0;
        for (var i = 0; i < counts.Length; i++)
        {
            log += SpecialFunctions.GammaLn(prior[i] + counts[i]) - SpecialFunctions.GammaLn(prior[i]);
            sum += prior[i];
            total += counts[i];
        }

        return log + SpecialFunctions.GammaLn(sum) - SpecialFunctions.GammaLn(sum + total);
    }

    /// <summary>ln of the likelihood of counts with known probabilities.</summary>
    public static double LogNull(ReadOnlySpan<long> counts, ReadOnlySpan<double> probabilities)
    {
        var log = LogCoefficient(counts);
        for (var i = 0; i < counts.Length; i++)
        {
            log += counts[i] * Math.Log(probabilities[i]);
        }

        return log;
    }

    /// <summary>ln E that <paramref name="target"/> of the keys do not go to the target with probability <paramref name="weight"/>.</summary>
    public static double LogEvidence(long source, long target, double weight)
    {
        if (source + target == 0 || weight is not (> 0 and < 1))
        {
            return 0;
        }

        ReadOnlySpan<long> counts = [source, target];
        return LogMarginal(counts, [Concentration * (1 - weight), Concentration * weight]) - LogNull(counts, [1 - weight, weight]);
    }

    private static double LogCoefficient(ReadOnlySpan<long> counts)
    {
        double log = 0, total = 0;
        foreach (var count in counts)
        {
            log -= SpecialFunctions.GammaLn(count + 1);
            total += count;
        }

        return log + SpecialFunctions.GammaLn(total + 1);
    }
}
