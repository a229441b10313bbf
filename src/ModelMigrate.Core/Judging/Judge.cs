using ModelMigrate.Core.Observing.Blocks;

namespace ModelMigrate.Core.Judging;

/// <summary>Holds the evidence of one migration's gates in one epoch. Not thread-safe: one owner.</summary>
public sealed class Judge
{
    public Judge(JudgeSpec spec, JudgeState? state = null) => throw new NotSupportedException();

    public JudgeSpec Spec => throw new NotSupportedException();

    /// <summary>Folds an ended block in. Offer them in sequence order; each counts once.</summary>
    public FoldResult Fold(Block block) => throw new NotSupportedException();

    /// <summary>A copy of the state, for the checkpoint: a judge made from it goes on bit for bit.</summary>
    public JudgeState Snapshot() => throw new NotSupportedException();

    /// <summary>The verdicts now, at a step's margin factor and at the final one. Changes nothing.</summary>
    public Evidence Evaluate(IReadOnlyList<Block> open, double marginFactor, DateTimeOffset now) => throw new NotSupportedException();

    /// <summary>The latency quantiles that the block builder must count exceedances of.</summary>
    public static IReadOnlyList<LatencyQuantile> QuantilesFor(IReadOnlyList<GateSpec> gates) => throw new NotSupportedException();
}
