namespace ModelMigrate.Core.Api;

/// <summary>One gate, its evidence and its verdict.</summary>
public sealed record GateView
{
    public required string Gate { get; init; }

    /// <summary>The metric in snake case: <c>error_rate</c>, <c>latency_p50</c>, <c>quality</c> …</summary>
    public required string Metric { get; init; }

    /// <summary>The check's name when the metric is <c>check_failure_rate</c>.</summary>
    public string? Check { get; init; }

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

    /// <summary>Requests that the gate has judged, and how many of them were events (failures, or exceedances of the frozen quantile).</summary>
    public required long SourceTrials { get; init; }

    public required long SourceEvents { get; init; }

    public required long TargetTrials { get; init; }

    public required long TargetEvents { get; init; }

    /// <summary>Evidence of harm as log10 of the e-value.</summary>
    public required double HarmLog10 { get; init; }

    /// <summary>The gate says <c>worse</c> at or above this.</summary>
    public required double HarmNeeded { get; init; }

    /// <summary>Evidence for promotion as log10 of the e-value.</summary>
    public required double PromoteLog10 { get; init; }

    /// <summary>The gate says <c>not_worse</c> at or above this.</summary>
    public required double PromoteNeeded { get; init; }

    /// <summary>This gate's share of α now.</summary>
    public required double Alpha { get; init; }

    /// <summary>Why the verdict is what it is, when the figures alone do not say: <c>one key</c>, <c>few keys</c> …</summary>
    public string? Note { get; init; }
}
