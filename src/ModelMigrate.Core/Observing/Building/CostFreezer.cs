using ModelMigrate.Core.Observing.Blocks;

namespace ModelMigrate.Core.Observing.Building;

/// <summary>
/// Freezes the source's mean cost of a request, the measure of both arms' costs. Cohorts follow one another; one whose mean is less than
/// half or more than twice the frozen one freezes anew. A block keeps the measure that it began with, so it is predictable and any
/// measure leaves the test valid.
/// </summary>
internal sealed class CostFreezer(BlockOptions options, double? frozen)
{
    private decimal _sum;
    private int _count;

    /// <summary>US dollars, above 0; null until the source's first cohort, and while that cost nothing.</summary>
    public double? Mean { get; private set; } = frozen;

    public void End(in Observation ended)
    {
        if (ended.Cost is not (>= 0 and { } cost) || ended.Outcome is Outcome.ClientError or Outcome.Canceled)
        {
            return;
        }

        _sum += cost;
        _count++;
        // Fewer do for the first: before it no request can be compared at all.
        if (_count < (Mean is null ? Math.Min(options.QuantileMinimum, options.QuantileSample) : options.QuantileSample))
        {
            return;
        }

        var mean = (double)_sum / _count;
        if (mean > 0 && (Mean is not { } known || mean < known / 2 || mean > known * 2))
        {
            Mean = mean;
        }

        (_sum, _count) = (0, 0);
    }
}
