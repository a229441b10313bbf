using System.Text.Json.Serialization;

namespace ModelMigrate.Core.Observing.Blocks;

/// <summary>How many requests of each arm were slower than one frozen quantile, of how many that the latency gate counts.</summary>
public sealed record ExceedanceCounts(LatencyQuantile Quantile, int SourceExposures, int SourceEvents, int TargetExposures, int TargetEvents)
{
    /// <summary>Exceedances of each key, as <see cref="Block.FailureKeys"/>.</summary>
    [JsonConverter(typeof(KeyCountsConverter))]
    public IReadOnlyList<KeyCount> Keys { get; init; } = [];
}
