using ModelMigrate.Core.Judging.Display;
using ModelMigrate.Core.Judging.Harm;
using ModelMigrate.Core.Judging.Promotion;
using ModelMigrate.Core.Observing.Blocks;

namespace ModelMigrate.Core.Judging.Gates;

/// <summary>Checkpoint of one gate.</summary>
public sealed record GateState
{
    public required string Name { get; init; }

    public long SourceExposures { get; init; }

    public long SourceEvents { get; init; }

    public long TargetExposures { get; init; }

    public long TargetEvents { get; init; }

    public StratifiedDifference Difference { get; init; }

    public HarmState Harm { get; init; } = new();

    /// <summary>Matched pairs of the error gate; they serve every margin.</summary>
    public PairCounts Pairs { get; init; }

    /// <summary>A latency gate's promotion processes, one for each margin.</summary>
    public IReadOnlyList<PromotionState> Promotions { get; init; } = [];
}
