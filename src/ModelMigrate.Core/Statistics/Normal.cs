using MathNet.Numerics;

namespace ModelMigrate.Core.Statistics;

/// <summary>The standard normal distribution.</summary>
internal static class Normal
{
    public static double Cumulative(double z) => 0.5 * SpecialFunctions.Erfc(-z / Math.Sqrt(2));

    public static double Quantile(double probability) => -Math.Sqrt(2) * SpecialFunctions.ErfcInv(2 * probability);
}
