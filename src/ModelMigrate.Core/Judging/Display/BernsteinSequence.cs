using System.Runtime.InteropServices;
using ModelMigrate.Core.Judging.Processes;

namespace ModelMigrate.Core.Judging.Display;

/// <summary>
/// Confidence sequence for the mean of t − s over matched pairs of scores in [0, 1]: predictable-mixture empirical Bernstein (Waudby-Smith
/// and Ramdas, JRSS B 86, 2024, arXiv 2010.09686, theorem 2) of x = (1 + t − s)/2, half of α on each side. λ and the centre are set before
/// each block by what came earlier and by how many pairs the block has; with one pair a block it is the published form. Holds at every look
/// and without any assumption but the range; for display, it decides nothing.
/// </summary>
/// <param name="Pairs">Pairs counted.</param>
/// <param name="Sum">Σ x.</param>
/// <param name="Squares">Σ (x − μ̂)², μ̂ the regularised mean at the time.</param>
/// <param name="Weight">Σ λ.</param>
/// <param name="Weighted">Σ λx.</param>
/// <param name="PenaltyLow">Σ vψ(λ) of the lower end.</param>
/// <param name="PenaltyHigh">Σ vψ(λ) of the upper end; only the first block's centre differs.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct BernsteinSequence(
    double Pairs, double Sum, double Squares, double Weight, double Weighted, double PenaltyLow, double PenaltyHigh)
{
    /// <summary>α of both ends together.</summary>
    internal const double Alpha = 0.05;

    private const double MostLambda = 0.5;

    /// <summary>Mean of t − s, or null without pairs.</summary>
    public double? Effect => Pairs > 0 ? (2 * Sum / Pairs) - 1 : null;

    /// <summary>Variance of t − s, or null without pairs; x is half as wide.</summary>
    public double? Variance => Pairs > 0 ? 4 * Squares / Pairs : null;

    /// <summary>Lower end for the mean of t − s.</summary>
    internal double Low => Weight > 0 ? Math.Max(-1, (2 * (Weighted - PenaltyLow + Math.Log(Alpha / 2)) / Weight) - 1) : -1;

    /// <summary>Upper end.</summary>
    internal double High => Weight > 0 ? Math.Min(1, (2 * (Weighted + PenaltyHigh - Math.Log(Alpha / 2)) / Weight) - 1) : 1;

    internal BernsteinSequence Add(ReadOnlySpan<ushort> cells, ReadOnlySpan<int> counts)
    {
        double pairs = 0, sum = 0;
        for (var i = 0; i < cells.Length; i++)
        {
            pairs += counts[i];
            sum += counts[i] * Value(cells[i]);
        }

        if (pairs <= 0)
        {
            return this;
        }

        // Not sequential within the block: its cells are sorted by score, and a centre that followed them would not be predictable.
        var t = Pairs + pairs;
        var variance = (0.25 + Squares) / (Pairs + 1);
        var lambda = Math.Min(MostLambda, Math.Sqrt(-2 * Math.Log(Alpha / 2) / (t * Math.Log(1 + t) * variance)));
        var psi = -Math.Log(1 - lambda) - lambda;
        var low = Pairs > 0 ? Sum / Pairs : 0;
        var high = Pairs > 0 ? low : 1;
        var mean = (0.5 + Sum + sum) / (t + 1);
        double squares = 0, aroundLow = 0, aroundHigh = 0;
        for (var i = 0; i < cells.Length; i++)
        {
            var x = Value(cells[i]);
            squares += counts[i] * (x - mean) * (x - mean);
            aroundLow += counts[i] * (x - low) * (x - low);
            aroundHigh += counts[i] * (x - high) * (x - high);
        }

        return new BernsteinSequence(
            t, Sum + sum, Squares + squares, Weight + (lambda * pairs), Weighted + (lambda * sum),
            PenaltyLow + (aroundLow * psi), PenaltyHigh + (aroundHigh * psi));
    }

    private static double Value(int cell) => (1 + (((cell % PairBet.Levels) - (cell / PairBet.Levels)) / (double)(PairBet.Levels - 1))) / 2;
}
