using ModelMigrate.Benchmarks.Rollouts.Baselines.Slices;
using ModelMigrate.Benchmarks.Rollouts.Baselines.Statistics;
using ModelMigrate.Benchmarks.Rollouts.Traffic;

namespace ModelMigrate.Benchmarks.Rollouts.Baselines;

/// <summary>
/// Spinnaker's automated canary analysis (Kayenta): every five minutes, over all minutes so far, the metric's points of a minute each
/// are compared by <see cref="MannWhitney"/> at 98 %; worse when the interval lies beyond a quarter of the Hodges-Lehmann estimate and
/// the mean ratio says so too. One worse metric of so few is below every usual pass score.
/// </summary>
internal sealed class KayentaRule : Baseline
{
    private const double Confidence = 0.98, Tolerance = 0.25;
    private const int Interval = 5;

    private readonly double[] _source = new double[SliceTable.Count / SliceTable.PerMinute];
    private readonly double[] _target = new double[SliceTable.Count / SliceTable.PerMinute];
    private readonly ArmSlice _sum = new();

    public override string Name => "kayenta";

    public override int Detect(SliceTable table, ExtraMetrics extra)
    {
        for (var minutes = Interval; minutes <= _source.Length; minutes += Interval)
        {
            foreach (var (compared, worse) in Compared(extra))
            {
                // It is fed what a dashboard shows: percentages and mean seconds.
                var channel = compared switch { Channel.LogTotal => Channel.Seconds, Channel.LogFirst => Channel.FirstSeconds, _ => compared };
                var m = Points(table.Target, channel, minutes, _target);
                var n = Points(table.Source, channel, minutes, _source);
                if (m > 0 && n > 0 && IsWorse(_target.AsSpan(0, m), _source.AsSpan(0, n), worse))
                {
                    return (minutes * SliceTable.PerMinute) - 1;
                }
            }
        }

        return -1;
    }

    /// <summary>Kayenta's classification as High, or as Low for <paramref name="worse"/> −1. Sorts both samples.</summary>
    public static bool IsWorse(Span<double> experiment, Span<double> control, int worse)
    {
        double before = Mean(control), now = Mean(experiment);
        experiment.Sort();
        control.Sort();
        var (low, estimate, high) = MannWhitney.Shift(experiment, control, Confidence);
        var beyond = Tolerance * Math.Abs(estimate);
        return worse > 0 ? low > beyond && (before == 0 || now / before >= 1) : high < -beyond && (before == 0 || now / before <= 1);
    }

    private static double Mean(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += value;
        }

        return sum / values.Length;
    }

    private int Points(IReadOnlyList<ArmSlice> arm, Channel channel, int minutes, double[] into)
    {
        var count = 0;
        for (var minute = 0; minute < minutes; minute++)
        {
            SliceTable.Sum(arm, minute * SliceTable.PerMinute, ((minute + 1) * SliceTable.PerMinute) - 1, _sum);
            var moments = _sum[channel];
            if (moments.N > 0)
            {
                into[count++] = channel == Channel.Errors ? 100 * moments.Mean : moments.Mean;
            }
        }

        return count;
    }
}
