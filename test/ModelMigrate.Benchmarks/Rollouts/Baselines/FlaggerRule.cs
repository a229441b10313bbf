using ModelMigrate.Benchmarks.Rollouts.Baselines.Slices;
using ModelMigrate.Benchmarks.Rollouts.Traffic;

namespace ModelMigrate.Benchmarks.Rollouts.Baselines;

/// <summary>
/// Flagger's documented example (docs/gitbook/usage/deployment-strategies.md): every minute the canary alone must show 99 % success and a
/// 99th percentile within its limit over the last minute; the tenth failed check rolls back. Checks without data fail, and the count is
/// only reset by a new revision. The example's 500 ms are scaled to a chat model's 5 s.
/// </summary>
internal sealed class FlaggerRule : Baseline
{
    private const double Success = 0.99, P99 = 5;
    private const int Threshold = 10;

    private readonly ArmSlice _target = new();

    public override string Name => "flagger";

    public override int Detect(SliceTable table, ExtraMetrics extra)
    {
        var failed = 0;
        for (var i = SliceTable.PerMinute - 1; i < SliceTable.Count; i += SliceTable.PerMinute)
        {
            SliceTable.Sum(table.Target, i - SliceTable.PerMinute + 1, i, _target);
            var errors = _target[Channel.Errors];
            var passes = errors.N > 0 && 1 - errors.Mean >= Success && !(_target.Quantile(0.99) > P99);
            failed += passes ? 0 : 1;
            if (failed >= Threshold)
            {
                return i;
            }
        }

        return -1;
    }
}
