using ModelMigrate.Core.Evaluation.Gating;

namespace ModelMigrate.Core.Evaluation.Checking;

/// <summary>Whether a value holds its line.</summary>
public sealed record ThresholdVerdict
{
    /// <summary>As it was written, for example <c>exact>=0.8</c>.</summary>
    public required string Threshold { get; init; }

    public required string Metric { get; init; }

    public required GateVerdict Verdict { get; init; }

    public double? Value { get; init; }

    public double? Low { get; init; }

    public double? High { get; init; }

    /// <summary>Cases with a score.</summary>
    public long Cases { get; init; }

    /// <summary>About as many cases as would settle it if the value stays what it is; null when it is settled, or no number is enough.</summary>
    public double? RequiredCases { get; init; }

    public required string Reason { get; init; }
}
