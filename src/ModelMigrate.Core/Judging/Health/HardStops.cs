using ModelMigrate.Core.Observing.Blocks;
using ModelMigrate.Core.Observing.Signals;

namespace ModelMigrate.Core.Judging.Health;

/// <summary>
/// The fixed rules: a metric over a window of admission time beyond a threshold. A block counts while it began within the window, so
/// the window is sharp to a block's length.
/// </summary>
internal sealed class HardStops(IReadOnlyList<HardStopSpec> specs, IReadOnlyList<RecentBlock> state)
{
    private readonly List<RecentBlock> _recent = [.. state];
    private readonly List<RecentBlock> _window = [];

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

    /// <summary>The rules that fire, in their order.</summary>
    public IReadOnlyList<HardStopEvidence> Evaluate(IReadOnlyList<Block> open, DateTimeOffset now)
    {
        List<HardStopEvidence>? fired = null;
        foreach (var spec in specs)
        {
            var from = now.ToUnixTimeSeconds() - (long)spec.Window.TotalSeconds;
            _window.Clear();
            foreach (var block in _recent)
            {
                if (block.FirstSlice >= from)
                {
                    _window.Add(block);
                }
            }

            foreach (var block in open)
            {
                if (block.Key.FirstSlice >= from)
                {
                    _window.Add(RecentBlock.Of(block));
                }
            }

            if (_window.Count > 0 && Fires(spec) is { } evidence)
            {
                (fired ??= []).Add(evidence);
            }
        }

        return fired ?? (IReadOnlyList<HardStopEvidence>)[];
    }

    private HardStopEvidence? Fires(HardStopSpec spec)
    {
        if (!double.IsFinite(spec.Threshold))
        {
            return null;
        }

        var (samples, value) = spec.Metric switch
        {
            HardStopMetric.ErrorRate => ErrorRate(spec),
            HardStopMetric.LatencyP50 => Latency(spec, 0.5),
            HardStopMetric.LatencyP95 => Latency(spec, 0.95),
            HardStopMetric.LatencyP99 => Latency(spec, 0.99),
            HardStopMetric.Quality => Quality(spec),
            HardStopMetric.CheckFailureRate => CheckFailureRate(spec),
        };
        var beyond = spec.Metric == HardStopMetric.Quality ? value < spec.Threshold : value > spec.Threshold;
        return beyond && samples >= Math.Max(1, spec.MinimumSamples)
            ? new HardStopEvidence(spec.Name, spec.Metric, value!.Value, spec.Threshold, samples)
            {
                Check = spec.Check,
                WindowSeconds = spec.Window.TotalSeconds,
                RelativeToSource = spec.RelativeToSource,
            }
            : null;
    }

    private (long Samples, double? Value) ErrorRate(HardStopSpec spec)
    {
        long source = 0, sourceEvents = 0, target = 0, targetEvents = 0;
        foreach (var block in _window)
        {
            source += block.SourceExposures;
            sourceEvents += block.SourceFailures;
            target += block.TargetExposures;
            targetEvents += block.TargetFailures;
        }

        return Difference(spec, source, sourceEvents, target, targetEvents);
    }

    private (long Samples, double? Value) CheckFailureRate(HardStopSpec spec)
    {
        var name = Signal.OfCheck(spec.Check ?? "");
        long source = 0, sourceEvents = 0, target = 0, targetEvents = 0;
        foreach (var block in _window)
        {
            foreach (var check in block.Checks)
            {
                if (string.Equals(check.Name, name, StringComparison.Ordinal))
                {
                    source += check.SourceExposures;
                    sourceEvents += check.SourceEvents;
                    target += check.TargetExposures;
                    targetEvents += check.TargetEvents;
                }
            }
        }

        return Difference(spec, source, sourceEvents, target, targetEvents);
    }

    private static (long Samples, double? Value) Difference(HardStopSpec spec, long source, long sourceEvents, long target, long targetEvents)
    {
        if (target == 0 || (spec.RelativeToSource && source == 0))
        {
            return (target, null);
        }

        var share = targetEvents / (double)target;
        return (target, spec.RelativeToSource ? share - (sourceEvents / (double)source) : share);
    }

    private (long Samples, double? Value) Quality(HardStopSpec spec)
    {
        long pairs = 0;
        double source = 0, target = 0;
        foreach (var block in _window)
        {
            pairs += block.QualityPairs;
            source += block.SourceQuality;
            target += block.TargetQuality;
        }

        return (pairs, pairs == 0 ? null : !spec.RelativeToSource ? target / pairs : source > 0 ? target / source : null);
    }

    private (long Samples, double? Value) Latency(HardStopSpec spec, double quantile)
    {
        Span<int> dense = stackalloc int[LatencyHistogram.Buckets];
        dense.Clear();
        foreach (var block in _window)
        {
            block.TargetLatency.AddTo(dense);
        }

        var target = LatencyHistogram.FromDense(dense);
        if (target.Quantile(quantile) is not { } slow || !spec.RelativeToSource)
        {
            return (target.Count, target.Quantile(quantile)?.TotalMilliseconds);
        }

        dense.Clear();
        foreach (var block in _window)
        {
            block.SourceLatency.AddTo(dense);
        }

        return (target.Count, LatencyHistogram.FromDense(dense).Quantile(quantile) is { } source ? slow / source : null);
    }
}
