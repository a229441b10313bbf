using ModelMigrate.Core.Evaluation.Gating;

namespace ModelMigrate.Core.Suites.Parity;

/// <summary>Whether the models are alike.</summary>
/// <param name="Verdict">Fail when one part fails, inconclusive when one is; refused when nothing can be said.</param>
/// <param name="Reason">Every part with its numbers, one after the other.</param>
public sealed record ParityVerdict(GateVerdict Verdict, string Reason)
{
    /// <summary>The numbers by their names.</summary>
    public IReadOnlyDictionary<string, double> Figures { get; init; } = new Dictionary<string, double>(StringComparer.Ordinal);

    /// <summary>Whether it is refused because calls failed on both sides, which says nothing of either.</summary>
    public bool IsUnanswered { get; init; }
}
