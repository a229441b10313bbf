using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Core.Metrics;

namespace ModelMigrate.Control.Evaluation.Storing;

/// <summary>What of a store one comparison is about, by the store's own numbers.</summary>
/// <param name="Dataset">The data set's.</param>
/// <param name="Source">The source's.</param>
/// <param name="Target">The target's.</param>
/// <param name="Metrics">Each metric's, in the plan's order.</param>
public sealed record StoreScope(long Dataset, long Source, long Target, IReadOnlyList<(AnswerMetric Metric, long Number)> Metrics)
{
    internal long Arm(ArmRole role) => role == ArmRole.Source ? Source : Target;
}
