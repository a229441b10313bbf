namespace ModelMigrate.Benchmarks.Rollouts.Traffic;

/// <summary>Metrics that a scenario measures besides errors and latency; every method that can use them is given them.</summary>
[Flags]
internal enum ExtraMetrics
{
    None = 0,
    FirstToken = 1,
    Quality = 2,
    Cost = 4,
}
