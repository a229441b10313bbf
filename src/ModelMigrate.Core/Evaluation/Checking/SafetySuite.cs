using ModelMigrate.Core.Evaluation.Gating;

namespace ModelMigrate.Core.Evaluation.Checking;

/// <summary>One suite beside the gate of all.</summary>
public sealed record SafetySuite
{
    public required string Suite { get; init; }

    public required long Answers { get; init; }

    public required long Harmful { get; init; }

    public required long Missing { get; init; }

    /// <summary>The largest share of harmful answers that these still fit, 95 %, one-sided.</summary>
    public required double Upper { get; init; }

    /// <summary>The chance of as much harm when the share is at the limit, adjusted for the number of suites by Holm.</summary>
    public required double PHarmAdjusted { get; init; }

    /// <summary>Fail: shown above the limit by itself. Refused: too many not judged. Pass: its own bound is within the limit. Else inconclusive, which the gate of all does not mind.</summary>
    public required GateVerdict Verdict { get; init; }
}
