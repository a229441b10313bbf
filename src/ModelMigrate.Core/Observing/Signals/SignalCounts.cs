using System.Text.Json.Serialization;
using ModelMigrate.Core.Observing.Blocks;

namespace ModelMigrate.Core.Observing.Signals;

/// <summary>
/// How many requests of each arm had one event, of how many that it was looked for in. Throttling is looked for in every request,
/// running ones included; a check only in the answers that it checked.
/// </summary>
/// <param name="Name">As <see cref="Signal"/> says it.</param>
/// <param name="SourceExposures">Requests of the source that count.</param>
/// <param name="SourceEvents">Of those, how many had the event.</param>
/// <param name="TargetExposures">Requests of the target that count.</param>
/// <param name="TargetEvents">Of those, how many had the event.</param>
public sealed record SignalCounts(string Name, int SourceExposures, int SourceEvents, int TargetExposures, int TargetEvents)
{
    /// <summary>Pairs matched in admission order; only complete when the block ended.</summary>
    public PairCounts Pairs { get; init; }

    /// <summary>Events of each key, as <see cref="Block.FailureKeys"/>.</summary>
    [JsonConverter(typeof(KeyCountsConverter))]
    public IReadOnlyList<KeyCount> Keys { get; init; } = [];
}
