namespace ModelMigrate.Core.Observing.Blocks;

/// <summary>The source's latency quantiles that are frozen and then compared against. Also the index into a block's latency counts.</summary>
public enum LatencyQuantile
{
    TotalP50,
    TotalP90,
    FirstTokenP50,
    FirstTokenP90,
    TotalP95,
    FirstTokenP95,
}
