namespace ModelMigrate.Core.Judging;

/// <summary>What is known about one gate at one moment. Evidence is the base-10 logarithm of an e-value.</summary>
public sealed record GateEvidence
{
    public required string Name { get; init; }

    public required Metric Metric { get; init; }

    public required bool Required { get; init; }

    /// <summary>The verdict at the current step's margin.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>The verdict at the final margin.</summary>
    public required Verdict FinalVerdict { get; init; }

    /// <summary>Why the verdict is not what the figures alone would say (<c>one key</c>, <c>no quantiles yet</c> …), or null.</summary>
    public string? Note { get; init; }

    /// <summary>The current step's margin.</summary>
    public required double Margin { get; init; }

    public required double FinalMargin { get; init; }

    /// <summary>Evidence that the target is worse.</summary>
    public required double HarmLog10 { get; init; }

    /// <summary>The same without any one key, which must cross as well; tried once <see cref="HarmLog10"/> crosses, and equal to it until then.</summary>
    public required double HarmWithoutOneKeyLog10 { get; init; }

    /// <summary>Worse at or above this.</summary>
    public required double HarmNeededLog10 { get; init; }

    /// <summary>The gate's share of α in this epoch.</summary>
    public required double HarmAlpha { get; init; }

    /// <summary>Evidence that the target is not worse by the current step's margin.</summary>
    public required double PromoteLog10 { get; init; }

    /// <summary>Evidence that the target is not worse by the final margin.</summary>
    public required double PromoteFinalLog10 { get; init; }

    /// <summary>Not worse at or above this.</summary>
    public required double PromoteNeededLog10 { get; init; }

    public required long SourceExposures { get; init; }

    /// <summary>Failures, or exceedances of the frozen quantile.</summary>
    public required long SourceEvents { get; init; }

    public required long TargetExposures { get; init; }

    public required long TargetEvents { get; init; }

    /// <summary>Stratified difference target − source of the event shares, or null without data.</summary>
    public double? Effect { get; init; }

    /// <summary>Lower end of the 95 % asymptotic confidence sequence for <see cref="Effect"/>. For display: it decides nothing.</summary>
    public double? EffectLow { get; init; }

    /// <summary>Upper end.</summary>
    public double? EffectHigh { get; init; }

    /// <summary>Whether both arms have the 50 events below which the interval is not to be relied upon.</summary>
    public bool EffectIsReliable { get; init; }
}
