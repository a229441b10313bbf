using ModelMigrate.Benchmarks.Rollouts.Baselines.Slices;
using ModelMigrate.Benchmarks.Rollouts.Traffic;

namespace ModelMigrate.Benchmarks.Rollouts.Baselines;

/// <summary>
/// The rule of migration handbooks: over the last five minutes and at least 100 target requests, roll back when more than 5 % fail, the
/// 99th percentile is above 5 s, or quality is below 0.85 of the source (500 requests). Relative: 5 percentage points more failures
/// than the source, or twice its mean latency.
/// </summary>
internal sealed class FixedRule(bool relative) : Baseline
{
    private const int Window = 5 * SliceTable.PerMinute;
    private const double Least = 100, Rate = 0.05, P99 = 5, Slower = 2, LeastQuality = 500, Quality = 0.85;

    private readonly ArmSlice _source = new();
    private readonly ArmSlice _target = new();

    public override string Name => relative ? "fixed-relative" : "fixed-absolute";

    public override int Detect(SliceTable table, ExtraMetrics extra)
    {
        for (var i = 0; i < SliceTable.Count; i++)
        {
            SliceTable.Sum(table.Source, i - Window + 1, i, _source);
            SliceTable.Sum(table.Target, i - Window + 1, i, _target);
            var target = _target[Channel.Errors];
            if (target.N >= Least && (relative ? IsRelativelyWorse(target) : target.Mean > Rate || _target.Quantile(0.99) > P99))
            {
                return i;
            }

            if (extra.HasFlag(ExtraMetrics.Quality) && _target[Channel.Quality].N >= LeastQuality
                && _target[Channel.Quality].Mean < Quality * _source[Channel.Quality].Mean)
            {
                return i;
            }
        }

        return -1;
    }

    private bool IsRelativelyWorse(in Moments target) =>
        _source[Channel.Errors].N > 0
        && (target.Mean - _source[Channel.Errors].Mean > Rate || _target[Channel.Seconds].Mean > Slower * _source[Channel.Seconds].Mean);
}
