using System.Text.Json.Serialization;
using ModelMigrate.Core.Observing.Blocks;
using ModelMigrate.Core.Observing.Signals;

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

    /// <summary>Checks that a hard stop watches, without keys and pairs.</summary>
    public IReadOnlyList<SignalCounts> Checks { get; init => field = value ?? []; } = [];

    /// <summary>Matched pairs with quality scores.</summary>
    public long QualityPairs { get; init; }

    /// <summary>Sum of the source's scores in them.</summary>
    public double SourceQuality { get; init; }

    /// <summary>Sum of the target's.</summary>
    public double TargetQuality { get; init; }

    internal static RecentBlock Of(Block block)
    {
        PairTable? quality = null;
        foreach (var score in block.Scores)
        {
            quality = score.Score == PairedScore.Quality ? score.Table : quality;
        }

        return new RecentBlock
        {
            FirstSlice = block.Key.FirstSlice,
            SourceExposures = block.Source.Exposures,
            SourceFailures = block.Source.Failures,
            TargetExposures = block.Target.Exposures,
            TargetFailures = block.Target.Failures,
            SourceLatency = block.SourceLatency,
            TargetLatency = block.TargetLatency,
            Checks = block.Signals.Count == 0 ? [] : [.. block.Signals.Select(signal => signal with { Keys = [], Pairs = default })],
            QualityPairs = quality?.Count ?? 0,
            SourceQuality = (quality?.SourceMean ?? 0) * (quality?.Count ?? 0),
            TargetQuality = (quality?.TargetMean ?? 0) * (quality?.Count ?? 0),
        };
    }
}
