using ModelMigrate.Core.Judging.Processes;

namespace ModelMigrate.Core.Judging.Promotion;

/// <summary>
/// Evidence that the target's event probability is less than r0 times the source's: the conditional-binomial ratio e-process with
/// bets r &lt; r0 (rollouts research 2.5). One for each margin.
/// </summary>
internal sealed class RatioPromotion(double r0, double[] logs)
{
    private readonly double[] _logs = logs.Length == RatioGrid.PromoteSize ? (double[])logs.Clone() : new double[RatioGrid.PromoteSize];

    /// <summary>ln E.</summary>
    public double Log => LogMath.Sum(_logs) - Math.Log(_logs.Length);

    public double[] Snapshot() => (double[])_logs.Clone();

    public void Fold(in EventBlock block)
    {
        if (!block.Compares)
        {
            return;
        }

        Span<double> perTarget = stackalloc double[RatioGrid.PromoteSize];
        Span<double> perSource = stackalloc double[RatioGrid.PromoteSize];
        RatioGrid.Steps(block.Share, r0, RatioGrid.PromoteLogs, perTarget, perSource);
        for (var j = 0; j < _logs.Length; j++)
        {
            _logs[j] += (block.TargetEvents * perTarget[j]) + (block.SourceEvents * perSource[j]);
        }
    }
}
