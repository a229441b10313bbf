using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Observing.Blocks;

namespace ModelMigrate.Core.Judging.Display;

/// <summary>
/// One arm's latencies as a look saw them. Summed up when somebody asks: most looks decide nothing, and nobody reads them. Safe for
/// several readers: each sums the same.
/// </summary>
internal sealed class ArmLatencies(ArmTally folded, Block[] open, Arm arm)
{
    private Sums? _sums;

    /// <summary>A quantile of the total latency in milliseconds, to within 2.5 %, or null without answers.</summary>
    public double? Total(double quantile) => Summed().Total.Quantile(quantile)?.TotalMilliseconds;

    /// <summary>A quantile of the time to first token.</summary>
    public double? FirstToken(double quantile) => Summed().FirstToken.Quantile(quantile)?.TotalMilliseconds;

    private Sums Summed() => _sums ??= Sum();

    /// <summary>Summed densely, because there may be hundreds of open blocks.</summary>
    private Sums Sum()
    {
        Span<int> total = stackalloc int[LatencyHistogram.Buckets];
        Span<int> firstToken = stackalloc int[LatencyHistogram.Buckets];
        total.Clear();
        firstToken.Clear();
        folded.Latency.AddTo(total);
        folded.FirstToken.AddTo(firstToken);
        foreach (var block in open)
        {
            var source = arm == Arm.Source;
            (source ? block.SourceLatency : block.TargetLatency).AddTo(total);
            (source ? block.SourceFirstToken : block.TargetFirstToken).AddTo(firstToken);
        }

        return new Sums(LatencyHistogram.FromDense(total), LatencyHistogram.FromDense(firstToken));
    }

    private sealed record Sums(LatencyHistogram Total, LatencyHistogram FirstToken);
}
