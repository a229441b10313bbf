using System.Runtime.InteropServices;
using ModelMigrate.Core.Observing.Blocks;
using ModelMigrate.Core.Observing.Signals;

namespace ModelMigrate.Core.Judging.Display;

/// <summary>
/// What matched pairs show, with a 95 % confidence sequence: difference of means for scores, ratio of means for cost, share won less one half
/// for preference. For display only.
/// </summary>
/// <param name="Source">Mean of the source; of costs as a multiple of the frozen mean.</param>
/// <param name="Target">Mean of the target, alike.</param>
/// <param name="Value">The effect, or null without pairs.</param>
/// <param name="Low">Lower end of the interval, or null without an effect.</param>
/// <param name="High">Upper end.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PairEffect(double? Source, double? Target, double? Value, double? Low, double? High)
{
    public static PairEffect Of(PairTable table, in BernsteinSequence interval, in PairCounts preference, Metric metric)
    {
        if (table is not { Count: > 0, SourceMean: { } source, TargetMean: { } target })
        {
            return default;
        }

        if (metric == Metric.Preference)
        {
            var decided = preference.Won + preference.Lost;
            var (low, high) = ShareSequence.Of(preference.Won, decided);
            return new PairEffect(
                source, target, decided == 0 ? null : (preference.Won / (double)decided) - 0.5, decided == 0 ? null : low - 0.5, decided == 0 ? null : high - 0.5);
        }

        if (metric != Metric.Cost)
        {
            return new PairEffect(source, target, target - source, interval.Low, interval.High);
        }

        // The interval is of the difference; over the source's mean as counted it is one of the ratio, as good as that mean is known.
        var (s, t) = (source * ScoreCounts.CostCap, target * ScoreCounts.CostCap);
        return source > 0
            ? new PairEffect(s, t, target / source, Math.Max(0, 1 + (interval.Low / source)), 1 + (interval.High / source))
            : new PairEffect(s, t, null, null, null);
    }
}
