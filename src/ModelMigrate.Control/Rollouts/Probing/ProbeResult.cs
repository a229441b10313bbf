using ModelMigrate.Core.Catalog;

namespace ModelMigrate.Control.Rollouts.Probing;

/// <summary>What came of asking one model.</summary>
/// <param name="Model">That was asked.</param>
/// <param name="Problem">Why it does not serve, or null.</param>
internal sealed record ProbeResult(ModelId Model, string? Problem)
{
    public override string ToString() => Problem is null ? $"{Model} serves." : $"{Model} does not: {Problem.TrimEnd('.')}.";
}
