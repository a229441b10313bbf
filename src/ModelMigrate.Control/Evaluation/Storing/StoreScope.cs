using ModelMigrate.Control.Evaluation.Planning;

namespace ModelMigrate.Control.Evaluation.Storing;

/// <summary>What of a store one comparison is about, by the store's own numbers.</summary>
/// <param name="Dataset">The data set's.</param>
/// <param name="Source">The source's.</param>
/// <param name="Target">The target's.</param>
/// <param name="Metrics">Each metric's, in the plan's order.</param>
public sealed record StoreScope(long Dataset, long Source, long Target, IReadOnlyList<ScopedMetric> Metrics)
{
    /// <summary>Those whose scores are kept with each answer.</summary>
    internal IReadOnlyList<ScopedMetric> Scored { get; } = [.. Metrics.Where(static metric => metric.Grading is null)];

    /// <summary>Those that programs and judges score afterwards.</summary>
    internal IReadOnlyList<ScopedMetric> Graded { get; } = [.. Metrics.Where(static metric => metric.Grading is not null)];

    internal long Arm(ArmRole role) => role == ArmRole.Source ? Source : Target;
}
