namespace ModelMigrate.Core.Observing.Blocks;

/// <summary>The source's latency quantiles, frozen before the block that they belong to; both arms are compared against them.</summary>
public sealed record FrozenQuantiles(TimeSpan TotalP50, TimeSpan TotalP90, TimeSpan FirstTokenP50, TimeSpan FirstTokenP90)
{
    public TimeSpan this[LatencyQuantile quantile] => quantile switch
    {
        LatencyQuantile.TotalP50 => TotalP50,
        LatencyQuantile.TotalP90 => TotalP90,
        LatencyQuantile.FirstTokenP50 => FirstTokenP50,
        LatencyQuantile.FirstTokenP90 => FirstTokenP90,
        _ => throw new ArgumentOutOfRangeException(nameof(quantile)),
    };
}
