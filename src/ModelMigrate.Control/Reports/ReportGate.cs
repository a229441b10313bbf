using System.Text.Json;
using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Judging.Explaining;

namespace ModelMigrate.Control.Reports;

/// <summary>One gate in a report: counts of both arms, the difference with its interval, and the evidence. Evidence is log10 of an e-value.</summary>
internal sealed record ReportGate
{
    public required string Name { get; init; }

    /// <summary>The metric in snake case.</summary>
    public required string Metric { get; init; }

    public required string Verdict { get; init; }

    /// <summary>What the difference is counted in: <c>share</c>, <c>score</c> or <c>ratio</c>.</summary>
    public required string Unit { get; init; }

    /// <summary>Means over matched pairs, for scores and cost.</summary>
    public double? SourceMean { get; init; }

    public double? TargetMean { get; init; }

    public required bool Required { get; init; }

    /// <summary>The final margin.</summary>
    public required double Margin { get; init; }

    public required long SourceTrials { get; init; }

    public required long SourceEvents { get; init; }

    public required long TargetTrials { get; init; }

    public required long TargetEvents { get; init; }

    /// <summary>Target − source of the shares, stratified by block; of paired scores the difference or ratio of the means.</summary>
    public double? Difference { get; init; }

    /// <summary>95 % confidence sequence of the difference.</summary>
    public double? DifferenceLow { get; init; }

    public double? DifferenceHigh { get; init; }

    /// <summary>Whether both arms have the 50 events below which the interval is not to be relied upon.</summary>
    public required bool IntervalIsReliable { get; init; }

    public required double HarmLog10 { get; init; }

    /// <summary>The same without any one key, and given how often each of the heaviest keys had the event before it moved.</summary>
    public required double HarmWithoutOneKeyLog10 { get; init; }

    public required double HarmAdjustedLog10 { get; init; }

    public required double HarmNeeded { get; init; }

    /// <summary>Evidence of harm since the promotion, and what it needs.</summary>
    public double? WatchLog10 { get; init; }

    public double? WatchNeeded { get; init; }

    public required double PromoteLog10 { get; init; }

    public required double PromoteNeeded { get; init; }

    /// <summary>The gate's share of α.</summary>
    public required double Alpha { get; init; }

    public string? Note { get; init; }

    /// <summary>Powers of ten missing until <c>worse</c>, and until <c>not_worse</c> at the final margin.</summary>
    public required double HarmMissing { get; init; }

    public required double PromoteMissing { get; init; }

    /// <summary>How much worse the target is assumed to be, and how many more events of both arms, or pairs, <c>worse</c> would take then.</summary>
    public double? HarmAssumed { get; init; }

    public double? HarmNeeds { get; init; }

    /// <summary>About how many more target requests, or pairs, <c>not_worse</c> takes at the final margin if the arms are equal.</summary>
    public double? PromoteNeeds { get; init; }

    /// <summary>Counts, effect, distance and what is still needed, as sentences.</summary>
    public required IReadOnlyList<string> Explanation { get; init; }

    public static ReportGate Of(GateEvidence gate, GateExplanation explained) => new()
    {
        Name = gate.Name,
        Metric = JsonNamingPolicy.SnakeCaseLower.ConvertName(gate.Metric.ToString()),
        Unit = JsonNamingPolicy.SnakeCaseLower.ConvertName(gate.Unit.ToString()),
        SourceMean = gate.SourceMean,
        TargetMean = gate.TargetMean,
        Verdict = JsonNamingPolicy.SnakeCaseLower.ConvertName(gate.FinalVerdict.ToString()),
        Required = gate.Required,
        Margin = gate.FinalMargin,
        SourceTrials = gate.SourceExposures,
        SourceEvents = gate.SourceEvents,
        TargetTrials = gate.TargetExposures,
        TargetEvents = gate.TargetEvents,
        Difference = gate.Effect,
        DifferenceLow = gate.EffectLow,
        DifferenceHigh = gate.EffectHigh,
        IntervalIsReliable = gate.EffectIsReliable,
        HarmLog10 = gate.HarmLog10,
        HarmWithoutOneKeyLog10 = gate.HarmWithoutOneKeyLog10,
        HarmAdjustedLog10 = gate.HarmAdjustedLog10 ?? gate.HarmLog10,
        HarmNeeded = gate.HarmNeededLog10,
        WatchLog10 = gate.WatchLog10,
        WatchNeeded = gate.WatchNeededLog10,
        PromoteLog10 = gate.PromoteFinalLog10,
        PromoteNeeded = gate.PromoteNeededLog10,
        Alpha = gate.HarmAlpha,
        Note = gate.Note,
        HarmMissing = gate.HarmMissingLog10,
        PromoteMissing = gate.PromoteFinalMissingLog10,
        HarmAssumed = explained.HarmAssumed,
        HarmNeeds = explained.HarmNeeds,
        PromoteNeeds = explained.PromoteFinalNeeds,
        Explanation = explained.Lines,
    };
}
