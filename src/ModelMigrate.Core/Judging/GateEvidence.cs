using System.Text.Json.Serialization;

namespace ModelMigrate.Core.Judging;

/// <summary>What is known about one gate at one moment. Evidence is the base-10 logarithm of an e-value.</summary>
public sealed record GateEvidence
{
    public required string Name { get; init; }

    public required Metric Metric { get; init; }

    /// <summary>The check's name for <see cref="Metric.CheckFailureRate"/>, else null.</summary>
    public string? Check { get; init; }

    /// <summary>What exposures and events are counted in.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public GateUnit CountedBy { get; init; }

    public required bool Required { get; init; }

    /// <summary>What follows while the gate has nothing to judge.</summary>
    public NoDataPolicy NoData { get; init; }

    /// <summary>For how many seconds of admission the target has taken requests without data for this gate; 0 while data come.</summary>
    public double NoDataSeconds { get; init; }

    /// <summary>Whether that is the gate's whole grace or more: then it passes nothing, and rolls back if its policy says so.</summary>
    public bool Starved { get; init; }

    /// <summary>The verdict at the current step's margin.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>The verdict at the final margin.</summary>
    public required Verdict FinalVerdict { get; init; }

    /// <summary>Why the verdict is not what the figures alone would say (<c>one key</c>, <c>no quantiles yet</c> …), or null.</summary>
    public string? Note { get; init; }

    /// <summary>The current step's margin.</summary>
    public required double Margin { get; init; }

    public required double FinalMargin { get; init; }

    /// <summary>The gate's tolerance: what is no harm at all.</summary>
    public double Tolerance { get; init; } = 1;

    /// <summary>Evidence that the target is worse.</summary>
    public required double HarmLog10 { get; init; }

    /// <summary>The same without any one key, which must cross as well; tried once <see cref="HarmLog10"/> crosses, and equal to it until then.</summary>
    public required double HarmWithoutOneKeyLog10 { get; init; }

    /// <summary>
    /// The same given how often each of the heaviest keys had the event on the source before it moved, which must cross as well; equal to
    /// <see cref="HarmLog10"/> where no such key is known, null in what an earlier version stored.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? HarmAdjustedLog10 { get; init; }

    /// <summary>Worse at or above this.</summary>
    public required double HarmNeededLog10 { get; init; }

    /// <summary>Evidence that the target is worse since the promotion: log10 of the e-detector's level; null before the promotion's first block.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? WatchLog10 { get; init; }

    /// <summary>Worse at or above this: the watch's planned blocks over its share of α.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? WatchNeededLog10 { get; init; }

    /// <summary>The gate's share of α in this epoch, without what its watch test spends.</summary>
    public required double HarmAlpha { get; init; }

    /// <summary>Evidence that the target is not worse by the current step's margin.</summary>
    public required double PromoteLog10 { get; init; }

    /// <summary>Evidence that the target is not worse by the final margin.</summary>
    public required double PromoteFinalLog10 { get; init; }

    /// <summary>Not worse at or above this.</summary>
    public required double PromoteNeededLog10 { get; init; }

    /// <summary>Requests that count; of a gate on scores, its matched pairs.</summary>
    public required long SourceExposures { get; init; }

    /// <summary>Failures, events, exceedances of the frozen quantile, or the matched pairs in which this arm did worse.</summary>
    public required long SourceEvents { get; init; }

    public required long TargetExposures { get; init; }

    public required long TargetEvents { get; init; }

    /// <summary>What <see cref="Effect"/> and <see cref="Margin"/> are counted in; a latency's effect is a <see cref="EffectUnit.Share"/> of slow requests.</summary>
    public EffectUnit Unit { get; init; }

    /// <summary>Mean of the source's scores over matched pairs; of costs, as a multiple of the source's frozen mean. Null for other metrics.</summary>
    public double? SourceMean { get; init; }

    /// <summary>As <see cref="SourceMean"/>, of the target.</summary>
    public double? TargetMean { get; init; }

    /// <summary>Variance of target − source over the matched pairs of scores, costs as shares of their cap; null for other metrics.</summary>
    public double? PairVariance { get; init; }

    /// <summary>Powers of ten that are missing until the target is found worse.</summary>
    [JsonIgnore]
    public double HarmMissingLog10 => Math.Max(0, HarmNeededLog10 - HarmLog10);

    /// <summary>Powers of ten that are missing until it is found not worse at the step's margin.</summary>
    [JsonIgnore]
    public double PromoteMissingLog10 => Math.Max(0, PromoteNeededLog10 - PromoteLog10);

    /// <summary>The same at the final margin.</summary>
    [JsonIgnore]
    public double PromoteFinalMissingLog10 => Math.Max(0, PromoteNeededLog10 - PromoteFinalLog10);

    /// <summary>
    /// Stratified difference target − source of the event shares; of scores the mean difference, of preference the share of pairs won less one
    /// half, of cost the ratio of the means. Null without data.
    /// </summary>
    public double? Effect { get; init; }

    /// <summary>Lower end of the 95 % asymptotic confidence sequence for <see cref="Effect"/>. For display: it decides nothing.</summary>
    public double? EffectLow { get; init; }

    /// <summary>Upper end.</summary>
    public double? EffectHigh { get; init; }

    /// <summary>Whether a promotion waits for this gate: an ignored one without data is not waited for.</summary>
    [JsonIgnore]
    public bool IsWaitedFor => Required && !(NoData == NoDataPolicy.Ignore && FinalVerdict == Verdict.NoData);

    /// <summary>Whether both arms have the 50 events below which the interval is not to be relied upon.</summary>
    public bool EffectIsReliable { get; init; }
}
