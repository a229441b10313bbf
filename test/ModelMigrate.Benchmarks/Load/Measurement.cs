namespace ModelMigrate.Benchmarks.Load;

/// <summary>What one run of the load generator showed of one peer.</summary>
/// <param name="Peer">Whose run.</param>
/// <param name="Requests">Answered requests.</param>
/// <param name="Failed">Answers that were not 2xx, and socket errors.</param>
/// <param name="PerSecond">Requests per second.</param>
/// <param name="P50">Median latency.</param>
/// <param name="P99">99th percentile of the latency.</param>
/// <param name="CpuPerRequest">User and system time of the peer's process per request.</param>
internal sealed record Measurement(
    string Peer, long Requests, long Failed, double PerSecond, TimeSpan P50, TimeSpan P99, TimeSpan CpuPerRequest);
