using ModelMigrate.Core.Evaluation.Gating.Refusing;

namespace ModelMigrate.Core.Evaluation.Gating;

/// <summary>What all gates of a comparison say.</summary>
public sealed record GateResult
{
    /// <summary>Refused before all; else fail when one fails, inconclusive when one is, pass when all do.</summary>
    public required GateVerdict Verdict { get; init; }

    /// <summary>Null when the data was refused: nothing is known of the target then.</summary>
    public Recommendation? Recommendation { get; init; }

    /// <summary>One sentence.</summary>
    public required string Reason { get; init; }

    /// <summary>In the order in which they were asked; empty when refused.</summary>
    public IReadOnlyList<MetricVerdict> Metrics { get; init; } = [];

    /// <summary>Everything for which the data cannot be judged.</summary>
    public IReadOnlyList<GateRefusal> Refusals { get; init; } = [];

    /// <summary>What was asked of all gates.</summary>
    public required GateOptions Options { get; init; }

    internal static GateResult Refused(IReadOnlyList<GateRefusal> refusals, GateOptions options) => new()
    {
        Verdict = GateVerdict.Refused, Reason = string.Join(' ', refusals.Select(static refusal => refusal.Message)), Refusals = refusals, Options = options,
    };
}
