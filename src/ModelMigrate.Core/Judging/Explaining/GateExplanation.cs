namespace ModelMigrate.Core.Judging.Explaining;

/// <summary>
/// A gate's evidence in words and figures: how far it is from each decision, and what that takes. What is still needed is an estimate under the
/// assumption that it names; nothing is decided from it.
/// </summary>
public sealed record GateExplanation
{
    public required string Gate { get; init; }

    /// <summary>95 % confidence sequence of the source's share of events; null for metrics on scores, and without requests.</summary>
    public double? SourceLow { get; init; }

    public double? SourceHigh { get; init; }

    /// <summary>As of the source.</summary>
    public double? TargetLow { get; init; }

    public double? TargetHigh { get; init; }

    /// <summary>Powers of ten that harm is away from <c>worse</c>; 0 when it is reached.</summary>
    public required double HarmMissingLog10 { get; init; }

    /// <summary>Powers of ten that promotion is away from <c>not_worse</c> at the step's margin.</summary>
    public required double PromoteMissingLog10 { get; init; }

    /// <summary>The same at the final margin.</summary>
    public required double PromoteFinalMissingLog10 { get; init; }

    /// <summary>How much worse the target is assumed to be for <see cref="HarmNeeds"/>: a ratio of event shares or costs, a lower score, a share of pairs won.</summary>
    public double? HarmAssumed { get; init; }

    /// <summary>More events of both arms, or more pairs of scores, until <c>worse</c> under that assumption; null when no number is enough.</summary>
    public double? HarmNeeds { get; init; }

    /// <summary>More target requests, or pairs of scores, until <c>not_worse</c> at the step's margin if the arms are equal; null when no number is enough.</summary>
    public double? PromoteNeeds { get; init; }

    /// <summary>The same at the final margin.</summary>
    public double? PromoteFinalNeeds { get; init; }

    /// <summary>All of it as sentences.</summary>
    public required IReadOnlyList<string> Lines { get; init; }
}
