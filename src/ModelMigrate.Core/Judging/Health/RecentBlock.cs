using System.Text.Json.Serialization;
using ModelMigrate.Core.Observing.Blocks;

namespace ModelMigrate.Core.Judging.Health;

/// <summary>What the hard stops keep of a block while it is in their window.</summary>
public sealed record RecentBlock
{
    public required long FirstSlice { get; init; }

    public required long SourceExposures { get; init; }

    public required long SourceFailures { get; init; }

    public required long TargetExposures { get; init; }

    public required long TargetFailures { get; init; }

    [JsonConverter(typeof(LatencyHistogramConverter))]
    public required LatencyHistogram SourceLatency { get; init; }

    [JsonConverter(typeof(LatencyHistogramConverter))]
    public required LatencyHistogram TargetLatency { get; init; }

    internal static RecentBlock Of(Block block) => new()
    {
        FirstSlice = block.Key.FirstSlice,
        SourceExposures = block.Source.Exposures,
        SourceFailures = block.Source.Failures,
        TargetExposures = block.Target.Exposures,
        TargetFailures = block.Target.Failures,
        SourceLatency = block.SourceLatency,
        TargetLatency = block.TargetLatency,
    };
}
