using System.Runtime.InteropServices;
using ModelMigrate.Core.Observing.Blocks;
using ModelMigrate.Core.Observing.Signals;

namespace ModelMigrate.Core.Judging.Display;

/// <summary>
/// What matched pairs show, with the half-width of the 95 % asymptotic confidence sequence: difference of means for scores, ratio of
/// means for cost (its error by the delta method), share won less one half for preference. For display only.
/// </summary>
/// <param name="Source">Mean of the source; of costs as a multiple of the frozen mean.</param>
/// <param name="Target">Mean of the target, alike.</param>
/// <param name="Value">The effect, or null without pairs.</param>
/// <param name="Half">Half of the interval, or null without an effect.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PairEffect(double? Source, double? Target, double? Value, double? Half)
{
    private const double Alpha = 0.05;

    public static PairEffect Of(PairTable table, in PairCounts preference, Metric metric)
    {
        if (table is not { Count: > 0, SourceMean: { } source, TargetMean: { } target })
        {
            return default;
        }

        if (metric == Metric.Preference)
        {
            var decided = preference.Won + preference.Lost;
            var won = decided == 0 ? 0.5 : preference.Won / (double)decided;
            return new PairEffect(source, target, decided == 0 ? null : won - 0.5, decided == 0 ? null : HalfWidth(won * (1 - won), decided));
        }

        if (metric != Metric.Cost)
        {
            return new PairEffect(source, target, target - source, HalfWidth(Variance(table, 1, target - source), table.Count));
        }

        var (s, t) = (source * ScoreCounts.CostCap, target * ScoreCounts.CostCap);
        return source > 0
            ? new PairEffect(s, t, target / source, HalfWidth(Variance(table, target / source, 0) / (source * source), table.Count))
            : new PairEffect(s, t, null, null);
    }

    private static double Variance(PairTable table, double ratio, double mean)
    {
        var sum = 0.0;
        for (var i = 0; i < table.Cells.Length; i++)
        {
            var d = PairTable.Value(PairTable.TargetLevel(table.Cells[i])) - (ratio * PairTable.Value(PairTable.SourceLevel(table.Cells[i]))) - mean;
            sum += table.Counts[i] * d * d;
        }

        return sum / table.Count;
    }

    private static double HalfWidth(double variance, long pairs) => AsymptoticSequence.TwoSided(Math.Sqrt(variance), pairs, Alpha);
}
