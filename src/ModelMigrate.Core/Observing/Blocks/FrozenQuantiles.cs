namespace ModelMigrate.Core.Observing.Blocks;

/// <summary>The source's latency quantiles, frozen before the block that they belong to; both arms are compared against them.</summary>
public sealed record FrozenQuantiles(TimeSpan TotalP50, TimeSpan TotalP90, TimeSpan FirstTokenP50, TimeSpan FirstTokenP90)
{
    /// <summary>Zero when these were frozen before it was known; no gate asks for it then.</summary>
    public TimeSpan TotalP95 { get; init; }

    /// <summary>As <see cref="TotalP95"/>.</summary>
    public TimeSpan FirstTokenP95 { get; init; }

    public TimeSpan this[LatencyQuantile quantile] => quantile switch
    {
        LatencyQuantile.TotalP50 => TotalP50,
        LatencyQuantile.TotalP90 => TotalP90,
        LatencyQuantile.FirstTokenP50 => FirstTokenP50,
        LatencyQuantile.FirstTokenP90 => FirstTokenP90,
        LatencyQuantile.TotalP95 => TotalP95,
        LatencyQuantile.FirstTokenP95 => FirstTokenP95,
        _ => throw new ArgumentOutOfRangeException(nameof(quantile)),
    };
}
