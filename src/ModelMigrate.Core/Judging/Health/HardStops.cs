using ModelMigrate.Core.Observing.Blocks;

namespace ModelMigrate.Core.Judging.Health;

/// <summary>
/// The fixed rules: a metric over a window of admission time beyond a threshold. A block counts while it began within the window, so
/// the window is sharp to a block's length.
/// </summary>
internal sealed class HardStops(IReadOnlyList<HardStopSpec> specs, IReadOnlyList<RecentBlock> state)
{
    private readonly List<RecentBlock> _recent = [.. state];

    public IReadOnlyList<RecentBlock> Snapshot() => [.. _recent];

    public void Fold(Block block)
    {
        if (specs.Count == 0)
        {
            return;
        }

        _recent.Add(RecentBlock.Of(block));
        var oldest = block.Key.LastSlice - (long)specs.Max(s => s.Window.TotalSeconds) - (long)TimeSpan.FromHours(1).TotalSeconds;
        _recent.RemoveAll(r => r.FirstSlice < oldest);
    }

    /// <summary>The first rule that fires, or null.</summary>
    public HardStopEvidence? Evaluate(IReadOnlyList<Block> open, DateTimeOffset now)
    {
        foreach (var spec in specs)
        {
            var from = now.ToUnixTimeSeconds() - (long)spec.Window.TotalSeconds;
            RecentBlock? sum = null;
            foreach (var block in _recent)
            {
                sum = block.FirstSlice >= from ? Add(sum, block) : sum;
            }

            foreach (var block in open)
            {
                sum = block.Key.FirstSlice >= from ? Add(sum, RecentBlock.Of(block)) : sum;
            }

            if (sum is not null && Fires(spec, sum) is { } fired)
            {
                return fired;
            }
        }

        return null;
    }

    private static HardStopEvidence? Fires(HardStopSpec spec, RecentBlock sum)
    {
        if (!double.IsFinite(spec.Threshold))
        {
            return null;
        }

        var (samples, value) = spec.Metric switch
        {
            HardStopMetric.ErrorRate => (sum.TargetExposures, ErrorRate(spec, sum)),
            HardStopMetric.LatencyP50 => (sum.TargetLatency.Count, Latency(spec, sum, 0.5)),
            HardStopMetric.LatencyP99 => (sum.TargetLatency.Count, Latency(spec, sum, 0.99)),
        };
        return samples >= Math.Max(1, spec.MinimumSamples) && value > spec.Threshold
            ? new HardStopEvidence(spec.Name, spec.Metric, value.Value, spec.Threshold, samples)
            : null;
    }

    private static double? ErrorRate(HardStopSpec spec, RecentBlock sum)
    {
        if (sum.TargetExposures == 0 || (spec.RelativeToSource && sum.SourceExposures == 0))
        {
            return null;
        }

        var target = sum.TargetFailures / (double)sum.TargetExposures;
        return spec.RelativeToSource ? target - (sum.SourceFailures / (double)sum.SourceExposures) : target;
    }

    private static double? Latency(HardStopSpec spec, RecentBlock sum, double quantile) =>
        sum.TargetLatency.Quantile(quantile) is not { } target ? null
        : !spec.RelativeToSource ? target.TotalMilliseconds
        : sum.SourceLatency.Quantile(quantile) is { } source ? target / source
        : null;

    private static RecentBlock Add(RecentBlock? a, RecentBlock b) => a is null ? b : new RecentBlock
    {
        FirstSlice = Math.Min(a.FirstSlice, b.FirstSlice),
        SourceExposures = a.SourceExposures + b.SourceExposures,
        SourceFailures = a.SourceFailures + b.SourceFailures,
        TargetExposures = a.TargetExposures + b.TargetExposures,
        TargetFailures = a.TargetFailures + b.TargetFailures,
        SourceLatency = a.SourceLatency.Add(b.SourceLatency),
        TargetLatency = a.TargetLatency.Add(b.TargetLatency),
    };
}
