namespace ModelMigrate.Core.Api;

/// <summary>One gate, its evidence and its verdict.</summary>
public sealed record GateView
{
    public required string Gate { get; init; }

    /// <summary>The metric in snake case: <c>error_rate</c>, <c>latency_p50</c>, <c>quality</c> …</summary>
    public required string Metric { get; init; }

    /// <summary>The check's name when the metric is <c>check_failure_rate</c>.</summary>
    public string? Check { get; init; }

    /// <summary>What trials and events are counted in: <c>request</c> or <c>key</c>.</summary>
    public string CountedBy { get; init; } = "request";

    /// <summary>Whether the metric compares matched pairs of scores: then trials are pairs, and events those in which the arm did worse.</summary>
    public bool Paired { get; init; }

    /// <summary>Mean of the source's scores over the pairs; of costs, as a multiple of the source's frozen mean. Null for other metrics.</summary>
    public double? SourceMean { get; init; }

    public double? TargetMean { get; init; }

    /// <summary>For how many seconds of admission the target has taken requests without data for the gate; 0 while data come.</summary>
    public double NoDataSeconds { get; init; }

    /// <summary><c>not_worse</c>, <c>worse</c>, <c>undecided</c> or <c>no_data</c>.</summary>
    public required string Verdict { get; init; }

    public required bool Required { get; init; }

    /// <summary>The margin on the current step.</summary>
    public required double Margin { get; init; }

    /// <summary>What margin and effect are counted in: <c>share</c>, <c>score</c> or <c>ratio</c>; a latency's effect is a share of slow requests.</summary>
    public string Unit { get; init; } = "share";

    /// <summary>The margin that the target must pass at last.</summary>
    public double FinalMargin { get; init; }

    /// <summary>Requests that the gate has judged (pairs, for scores), and how many of them were events: failures, exceedances of the frozen quantile, pairs in which this arm did worse.</summary>
    public required long SourceTrials { get; init; }

    public required long SourceEvents { get; init; }

    public required long TargetTrials { get; init; }

    public required long TargetEvents { get; init; }

    /// <summary>Evidence of harm as log10 of the e-value.</summary>
    public required double HarmLog10 { get; init; }

    /// <summary>The same without any one key, and given how often each of the heaviest keys had the event before it moved: <c>worse</c> takes all three.</summary>
    public double HarmWithoutOneKeyLog10 { get; init; }

    public double HarmAdjustedLog10 { get; init; }

    /// <summary>The gate says <c>worse</c> at or above this.</summary>
    public required double HarmNeeded { get; init; }

    /// <summary>Evidence of harm since the promotion, and what it needs; null until the promotion.</summary>
    public double? WatchLog10 { get; init; }

    public double? WatchNeeded { get; init; }

    /// <summary>Evidence for promotion as log10 of the e-value.</summary>
    public required double PromoteLog10 { get; init; }

    /// <summary>The gate says <c>not_worse</c> at or above this.</summary>
    public required double PromoteNeeded { get; init; }

    /// <summary>Evidence for promotion at the final margin.</summary>
    public double PromoteFinalLog10 { get; init; }

    /// <summary>Powers of ten that are missing until <c>worse</c>, until <c>not_worse</c> on this step, and until <c>not_worse</c> at the final margin.</summary>
    public double HarmMissing { get; init; }

    public double PromoteMissing { get; init; }

    public double PromoteFinalMissing { get; init; }

    /// <summary>Target against source with its 95 % confidence sequence, in <see cref="Unit"/>; null without data. For display: it decides nothing.</summary>
    public double? Effect { get; init; }

    public double? EffectLow { get; init; }

    public double? EffectHigh { get; init; }

    /// <summary>Whether there are the 50 events, or pairs, below which the interval is not to be relied upon.</summary>
    public bool EffectIsReliable { get; init; }

    /// <summary>
    /// How much worse the target is assumed to be (a ratio, a lower score, a share of pairs won), and how many more events of both arms, or pairs,
    /// <c>worse</c> would take then. Estimates; null when no number is enough.
    /// </summary>
    public double? HarmAssumed { get; init; }

    public double? HarmNeeds { get; init; }

    /// <summary>About how many more target requests, or pairs, <c>not_worse</c> takes if the arms are equal, on this step and at the final margin.</summary>
    public double? PromoteNeeds { get; init; }

    public double? PromoteFinalNeeds { get; init; }

    /// <summary>Counts, effect, distance and what is still needed, as sentences.</summary>
    public IReadOnlyList<string> Explanation { get; init; } = [];

    /// <summary>This gate's share of α now.</summary>
    public required double Alpha { get; init; }

    /// <summary>Why the verdict is what it is, when the figures alone do not say: <c>one key</c>, <c>sick keys</c> …</summary>
    public string? Note { get; init; }
}
