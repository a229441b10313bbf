using MathNet.Numerics;

namespace ModelMigrate.Core.Statistics;

/// <summary>
/// McNemar's test of paired successes and failures, from the pairs that differ: without a difference each falls to either side with probability ½. Also
/// the sign test. Two-sided; 1 when no pair differs.
/// </summary>
public static class McNemar
{
    /// <summary>Twice the smaller tail of the binomial distribution.</summary>
    public static double Exact(long onlyFirst, long onlySecond)
    {
        var (few, all) = (Math.Min(onlyFirst, onlySecond), onlyFirst + onlySecond);
        return all == 0 ? 1 : Math.Min(1, 2 * Tail(few, all));
    }

    /// <summary>With half the probability of what was seen: less conservative, and still near its level (Fagerland et al. 2013).</summary>
    public static double MidP(long onlyFirst, long onlySecond)
    {
        var (few, all) = (Math.Min(onlyFirst, onlySecond), onlyFirst + onlySecond);
        return all == 0 ? 1 : Math.Min(1, (2 * Tail(few, all)) - Math.Exp(SpecialFunctions.FactorialLn((int)all)
            - SpecialFunctions.FactorialLn((int)few) - SpecialFunctions.FactorialLn((int)(all - few)) - (all * Math.Log(2))));
    }

    /// <summary>P(X ≤ few), X binomial with ½: an incomplete beta function.</summary>
    private static double Tail(long few, long all) => few == all ? 1 : SpecialFunctions.BetaRegularized(all - few, few + 1, 0.5);
}
