using ModelMigrate.Control.Evaluation.Datasets;
using ModelMigrate.Control.Evaluation.Planning;

namespace ModelMigrate.Evaluating.Timing;

/// <summary>What a measurement was asked for, looked up and read.</summary>
/// <param name="Arms">The target, and the source before it where one was named.</param>
/// <param name="Prompts">At least one.</param>
/// <param name="Settings">What the models are asked with, beside the prompts.</param>
/// <param name="Limit">For one call.</param>
/// <param name="MaxCost">US dollars; null for no limit.</param>
internal sealed record TimingGiven(IReadOnlyList<ComparedArm> Arms, IReadOnlyList<DatasetRow> Prompts, AskSettings Settings, TimeSpan Limit, decimal? MaxCost);
