using ModelMigrate.Benchmarks.Rollouts.Baselines.Slices;
using ModelMigrate.Benchmarks.Rollouts.Traffic;

namespace ModelMigrate.Benchmarks.Rollouts.Baselines;

/// <summary>
/// Argo Rollouts' documented example (docs/features/analysis.md): a success rate of 95 % over five minutes, measured every five minutes,
/// <c>failureLimit: 3</c>, which the code reads as "the fourth failure fails the analysis". No data is an error of the measurement, not
/// a failure.
/// </summary>
internal sealed class ArgoRule : Baseline
{
    private const double Success = 0.95;
    private const int Interval = 5 * SliceTable.PerMinute;
    private const int FailureLimit = 3;

    private readonly ArmSlice _target = new();

    public override string Name => "argo";

    public override int Detect(SliceTable table, ExtraMetrics extra)
    {
        var failed = 0;
        for (var i = Interval - 1; i < SliceTable.Count; i += Interval)
        {
            SliceTable.Sum(table.Target, i - Interval + 1, i, _target);
            var errors = _target[Channel.Errors];
            failed += errors.N > 0 && 1 - errors.Mean < Success ? 1 : 0;
            if (failed > FailureLimit)
            {
                return i;
            }
        }

        return -1;
    }
}
