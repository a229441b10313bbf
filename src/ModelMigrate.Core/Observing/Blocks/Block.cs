using System.Text.Json.Serialization;
using ModelMigrate.Core.Observing.Signals;

namespace ModelMigrate.Core.Observing.Blocks;

/// <summary>
/// The counts of consecutive slices under one split: the unit of evidence. Holds no request, so that it can be stored and replayed.
/// An open block (<see cref="Ended"/> false) is a view of what is known so far.
/// </summary>
public sealed record Block
{
    public required BlockKey Key { get; init; }

    /// <summary>The target's share in parts per million while the block was admitted.</summary>
    public required int WeightPpm { get; init; }

    /// <summary>Whether the block is closed and every request in it ended.</summary>
    public required bool Ended { get; init; }

    public required ArmCounts Source { get; init; }

    public required ArmCounts Target { get; init; }

    /// <summary>Matched pairs; only complete when the block ended.</summary>
    public PairCounts Pairs { get; init; }

    /// <summary>The quantiles that this block was compared against, or null when none were frozen before it began.</summary>
    public FrozenQuantiles? Quantiles { get; init; }

    /// <summary>One entry for each quantile that a gate asks for; empty without <see cref="Quantiles"/>.</summary>
    public IReadOnlyList<ExceedanceCounts> Exceedances { get; init; } = [];

    // Generated readers give null for what the stored text of an earlier version does not have.

    /// <summary>One entry for throttling and each check that a gate asks for.</summary>
    public IReadOnlyList<SignalCounts> Signals { get; init => field = value ?? []; } = [];

    /// <summary>One entry for each score that a gate asks for; empty until the block ended.</summary>
    public IReadOnlyList<ScoreCounts> Scores { get; init => field = value ?? []; } = [];

    /// <summary>The source's mean cost of a request in US dollars that costs are measured by, or null when none was frozen before the block began.</summary>
    public double? MeanCost { get; init; }

    /// <summary>Requests of each key that is followed: one that sends, or sent before it moved, a notable share of the source's. By key.</summary>
    [JsonConverter(typeof(KeyCountsConverter))]
    public IReadOnlyList<KeyCount> FollowedKeys { get; init => field = value ?? []; } = [];

    /// <summary>
    /// Failures of each key on the target, the heaviest first, at most <see cref="BlockOptions.MaxKeys"/>; and on the source, of keys that are
    /// followed.
    /// </summary>
    [JsonConverter(typeof(KeyCountsConverter))]
    public IReadOnlyList<KeyCount> FailureKeys { get; init; } = [];

    /// <summary>Admissions of each key that holds a notable share of the block, for <c>few keys</c>; only once the block ended.</summary>
    [JsonConverter(typeof(KeyCountsConverter))]
    public IReadOnlyList<KeyCount> AdmissionKeys { get; init; } = [];

    /// <summary>Distinct keys met for the first time under this weight, for the sample ratio.</summary>
    public int NewSourceKeys { get; init; }

    /// <summary>As <see cref="NewSourceKeys"/>, on the target.</summary>
    public int NewTargetKeys { get; init; }

    /// <summary>Total latency of the source's ended answers.</summary>
    [JsonConverter(typeof(LatencyHistogramConverter))]
    public LatencyHistogram SourceLatency { get; init; } = LatencyHistogram.Empty;

    /// <summary>Total latency of the target's ended answers.</summary>
    [JsonConverter(typeof(LatencyHistogramConverter))]
    public LatencyHistogram TargetLatency { get; init; } = LatencyHistogram.Empty;

    /// <summary>Time to first content of the source's ended answers.</summary>
    [JsonConverter(typeof(LatencyHistogramConverter))]
    public LatencyHistogram SourceFirstToken { get; init; } = LatencyHistogram.Empty;

    /// <summary>Time to first content of the target's ended answers.</summary>
    [JsonConverter(typeof(LatencyHistogramConverter))]
    public LatencyHistogram TargetFirstToken { get; init; } = LatencyHistogram.Empty;
}
