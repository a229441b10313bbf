namespace ModelMigrate.Core.Evaluation.Gating;

/// <summary>What one gate says. Differences are target − source, in the metric's unit.</summary>
public sealed record MetricVerdict
{
    public required string Metric { get; init; }

    public required GateVerdict Verdict { get; init; }

    /// <summary>The margin in the metric's unit; a relative one times what the source reached.</summary>
    public required double Margin { get; init; }

    /// <summary>The margin as it was asked, when it is relative.</summary>
    public double? RelativeMargin { get; init; }

    /// <summary>Pairs that were compared.</summary>
    public required long Cases { get; init; }

    /// <summary>Cases without a score in an arm.</summary>
    public required long Missing { get; init; }

    /// <summary>The source's mean over the pairs, or its corpus value.</summary>
    public required double Source { get; init; }

    public required double Target { get; init; }

    public required double Difference { get; init; }

    /// <summary>The two-sided interval of the difference.</summary>
    public required double Low { get; init; }

    public required double High { get; init; }

    /// <summary>The bound towards the worse that the gate holds against the margin: one-sided, at the level that Holm leaves this metric.</summary>
    public required double Bound { get; init; }

    /// <summary>One-sided p that the target is worse by the margin or more: small, and the gate passes.</summary>
    public required double PPass { get; init; }

    /// <summary>The same after Holm over all gates: what is held against α.</summary>
    public required double PPassAdjusted { get; init; }

    /// <summary>One-sided p that the target is worse by the margin at most: small, and the gate fails.</summary>
    public required double PFail { get; init; }

    public required double PFailAdjusted { get; init; }

    /// <summary>Two-sided p of no difference at all: decides nothing.</summary>
    public required double PEqual { get; init; }

    /// <summary>The arithmetic, for example Tango's interval of paired shares.</summary>
    public required string Method { get; init; }

    /// <summary>Pairs with which the gate passes with the power asked, if the arms are equal; null when no number is enough.</summary>
    public double? RequiredCases { get; init; }

    /// <summary>Pairs that decide with that power if the difference is as it was seen; null when no number is enough.</summary>
    public double? RequiredCasesAsSeen { get; init; }

    /// <summary>The chance that as many pairs pass when the arms are equal; null where nothing varies.</summary>
    public double? PowerToPass { get; init; }

    /// <summary>The chance that as many pairs fail when the target is worse by twice the margin.</summary>
    public double? PowerToFail { get; init; }

    /// <summary>What it says and what would settle it, in one or two sentences.</summary>
    public required string Reason { get; init; }
}
