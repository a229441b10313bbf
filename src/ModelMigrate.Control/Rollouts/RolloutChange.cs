using ModelMigrate.Control.Storage.Sqlite;
using ModelMigrate.Core.Rollouts;

namespace ModelMigrate.Control.Rollouts;

/// <summary>What is to become of one rollout: journalled whole, then in force.</summary>
/// <param name="Entry">Whose.</param>
/// <param name="Spec">That holds from then on.</param>
/// <param name="Next">Where it stands then.</param>
internal sealed record RolloutChange(RolloutEntry Entry, RolloutSpec Spec, RolloutState Next)
{
    /// <summary>For the journal; empty only when an exposure chunk is all.</summary>
    public IReadOnlyList<JournalEvent> Events { get; init; } = [];

    /// <summary>Set when it comes from a decision.</summary>
    public Decision? Decision { get; init; }

    public JournalBatch.Chunk? Chunk { get; init; }

    /// <summary>Whether routing must follow.</summary>
    public bool MovesTraffic => Chunk is null;

    /// <summary>Whether it takes traffic off the target, which is done even when it cannot be journalled.</summary>
    public bool IsProtective => Decision is not null && (Next.WeightPpm < Entry.State.WeightPpm || Next.Phase == RolloutPhase.RollingBack);
}
