using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Routing;

namespace ModelMigrate.Core.Rollouts;

/// <summary>What a rollout asks of its judge.</summary>
public static class RolloutJudging
{
    /// <summary>The share of each gate's α that the test of the watch spends.</summary>
    public const double WatchShare = 0.2;

    private const int LeastPlannedBlocks = 600;
    private const int MostPlannedBlocks = 86_400;

    /// <summary>The judge's specification in the state's attempt and evidence epoch. A new epoch or attempt needs a new judge.</summary>
    public static JudgeSpec SpecFor(RolloutSpec spec, RolloutState state)
    {
        var seconds = spec.Watch.TotalSeconds;
        var factors = new SortedSet<double> { 1 };
        foreach (var step in spec.Steps)
        {
            seconds += step.Hold.TotalSeconds;
            factors.Add(step.MarginFactor);
        }

        return new JudgeSpec
        {
            Migration = spec.Id,
            Attempt = state.Attempt,
            Epoch = state.EvidenceEpoch,
            Gates = spec.Gates,
            HardStops = spec.HardStops,
            Alpha = spec.Alpha,
            PromoteAlpha = spec.PromoteAlpha,
            MarginFactors = [.. factors],
            WatchShare = spec.WatchShare,
            WatchWeightPpm = SplitSnapshot.Total - spec.HoldBackPpm,
            WatchBlocks = WatchBlocks(spec),
            PlannedBlocks = (int)Math.Clamp(seconds, LeastPlannedBlocks, MostPlannedBlocks),
        };
    }

    /// <summary>A block covers a second at least. Without a hold-back there is nothing to compare with.</summary>
    private static int WatchBlocks(RolloutSpec spec) =>
        spec.HoldBackPpm > 0 && spec.Watch > TimeSpan.Zero ? (int)Math.Clamp(spec.Watch.TotalSeconds, 1, MostPlannedBlocks) : 0;

    /// <summary>The margin factor that evidence is asked for on the state's step; 1 on the last step and after it.</summary>
    public static double MarginFactor(RolloutSpec spec, RolloutState state) =>
        state.Step >= 0 && state.Step < spec.Steps.Count - 1 ? spec.Steps[state.Step].MarginFactor : 1;
}
