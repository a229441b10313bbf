namespace ModelMigrate.Core.Statistics;

/// <summary>
/// A mean share as it would be if a disturbing difference were 0 in every case. With preferences and differences of length this is AlpacaEval's
/// length-controlled win rate (Dubois et al. 2024, arXiv 2404.04475) without its difficulty of instructions, which needs other models' answers:
/// logit p = a + b · tanh(difference / sd), of which 1 / (1 + e^−a) is the value.
/// </summary>
/// <param name="Value">0 to 1, or null when the regression has no end.</param>
/// <param name="Interval">95 %, by the sandwich error of a.</param>
/// <param name="Slope">b: above 0, more of it makes the share larger.</param>
public sealed record AdjustedShare(double? Value, Interval? Interval, double? Slope)
{
    private const double Z95 = 1.959963984540054;

    /// <summary>None: too few cases, or shares that the regression would have to explain with infinite coefficients.</summary>
    public static AdjustedShare None { get; } = new(Value: null, Interval: null, Slope: null);

    /// <summary><paramref name="shares"/>: each 0 to 1. <paramref name="differences"/>: of the same cases, in any unit.</summary>
    public static AdjustedShare Of(IReadOnlyList<double> shares, IReadOnlyList<double> differences)
    {
        if (shares.Count < 3)
        {
            return None;
        }

        var mean = differences.Average();
        var deviation = Math.Sqrt(differences.Sum(difference => (difference - mean) * (difference - mean)) / (differences.Count - 1));
        var fit = deviation > 0
            ? LogisticFit.TryOf([.. differences.Select(difference => (double[])[1, Math.Tanh(difference / deviation)])], shares)
            : LogisticFit.TryOf([.. differences.Select(static _ => (double[])[1])], shares);
        if (fit is null)
        {
            return None;
        }

        var (at, half) = (fit.Coefficients[0], Z95 * fit.StandardErrors[0]);
        return new AdjustedShare(LogisticFit.Share(at), new Interval(LogisticFit.Share(at - half), LogisticFit.Share(at + half)), deviation > 0 ? fit.Coefficients[1] : null);
    }
}
