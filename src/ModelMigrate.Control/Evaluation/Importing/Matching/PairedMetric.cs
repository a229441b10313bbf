using ModelMigrate.Core.Evaluation.Gating;
using ModelMigrate.Core.Metrics;

namespace ModelMigrate.Control.Evaluation.Importing.Matching;

/// <summary>One metric that both runs have.</summary>
/// <param name="Source">As the source's file has it.</param>
/// <param name="Target">As the target's file has it.</param>
/// <param name="Direction">Of both.</param>
/// <param name="Gate">What is asked of it; null when it is only shown.</param>
internal sealed record PairedMetric(ImportedMetric Source, ImportedMetric Target, MetricDirection Direction, MetricGate? Gate)
{
    public string Id => Source.Id;

    public bool HasCases => Source.HasCases && Target.HasCases;

    public double Range => Math.Max(Source.Range, Target.Range);
}
