using ModelMigrate.Core.Observing.Blocks;

namespace ModelMigrate.Core.Judging;

/// <summary>A judge's evidence at a checkpoint. JSON keeps every bit of it.</summary>
public sealed record JudgeState
{
    /// <summary>The source's latency quantiles, for the block builder that goes on after a restart.</summary>
    public FrozenQuantiles? Quantiles { get; init; }
}
