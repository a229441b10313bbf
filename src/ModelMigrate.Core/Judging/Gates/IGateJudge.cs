using ModelMigrate.Core.Observing.Blocks;

namespace ModelMigrate.Core.Judging.Gates;

/// <summary>Everything one gate knows, whatever it is judged from.</summary>
internal interface IGateJudge
{
    /// <summary>What it decides by, and which gate it is.</summary>
    GateRule Rule { get; }

    /// <summary>Takes an ended block in.</summary>
    void Fold(Block block);

    /// <summary>The verdicts now, with harm in <paramref name="open"/> blocks on top where the gate may look at those. Changes nothing.</summary>
    GateEvidence Evaluate(IReadOnlyList<Block> open, double factor, bool faulty);

    GateState Snapshot();
}
