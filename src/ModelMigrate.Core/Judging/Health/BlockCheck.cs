using ModelMigrate.Core.Observing.Blocks;

namespace ModelMigrate.Core.Judging.Health;

/// <summary>Finds counts that contradict themselves. Evidence from them would be neither for nor against anything.</summary>
internal static class BlockCheck
{
    /// <summary>What is wrong with a block, or null.</summary>
    public static string? Find(Block block)
    {
        var source = block.Source;
        var target = block.Target;
        return Arm(source) ? "source counts"
            : Arm(target) ? "target counts"
            : block.Ended && (source.Open != 0 || target.Open != 0) ? "an ended block with open requests"
            : Pairs(block) ? "matched pairs"
            : Exceedances(block) ? "latency counts"
            : Signals(block) ? "events of checks or throttling"
            : Scores(block) ? "pairs of scores"
            : Keys(block.FailureKeys, source.Failures, target.Failures) ? "failures by key"
            : Keys(block.FollowedKeys, source.Admissions, target.Admissions) ? "requests by key"
            : block.NewSourceKeys < 0 || block.NewTargetKeys < 0 || block.NewSourceKeys > source.Admissions || block.NewTargetKeys > target.Admissions ? "distinct keys"
            : block.WeightPpm is < 0 or > 1_000_000 ? "weight"
            : null;
    }

    private static bool Arm(in ArmCounts arm) =>
        arm.Admissions < 0 || arm.Ended < 0 || arm.Failures < 0 || arm.ClientErrors < 0 || arm.Canceled < 0
        || arm.Ended > arm.Admissions || arm.Failures + arm.ClientErrors + arm.Canceled > arm.Ended;

    private static bool Pairs(Block block)
    {
        var pairs = block.Pairs;
        return pairs.Lost < 0 || pairs.Even < 0 || pairs.Won < 0
            || pairs.Lost > block.Target.Failures || pairs.Won > block.Source.Failures
            || pairs.Lost + pairs.Even + pairs.Won > Math.Min(block.Source.Exposures, block.Target.Exposures);
    }

    private static bool Exceedances(Block block)
    {
        foreach (var counts in block.Exceedances)
        {
            if (counts.SourceEvents < 0 || counts.TargetEvents < 0 || counts.SourceEvents > counts.SourceExposures
                || counts.TargetEvents > counts.TargetExposures || counts.SourceExposures > block.Source.Admissions
                || counts.TargetExposures > block.Target.Admissions || Keys(counts.Keys, counts.SourceEvents, counts.TargetEvents))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Signals(Block block)
    {
        foreach (var counts in block.Signals)
        {
            var pairs = counts.Pairs;
            if (counts.SourceEvents < 0 || counts.TargetEvents < 0 || counts.SourceEvents > counts.SourceExposures
                || counts.TargetEvents > counts.TargetExposures || counts.SourceExposures > block.Source.Admissions
                || counts.TargetExposures > block.Target.Admissions || Keys(counts.Keys, counts.SourceEvents, counts.TargetEvents)
                || pairs.Lost < 0 || pairs.Even < 0 || pairs.Won < 0 || pairs.Lost > counts.TargetEvents || pairs.Won > counts.SourceEvents
                || pairs.Lost + pairs.Even + pairs.Won > Math.Min(counts.SourceExposures, counts.TargetExposures))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A pair counts in the block of its later request, so that only the requests of both arms together bound their number.</summary>
    private static bool Scores(Block block)
    {
        foreach (var counts in block.Scores)
        {
            var preference = counts.Preference;
            if (counts.Invalid < 0 || preference.Lost < 0 || preference.Even < 0 || preference.Won < 0
                || preference.Lost + preference.Even + preference.Won != counts.Table.Count
                || counts.Table.Count > block.Source.Admissions + block.Target.Admissions)
            {
                return true;
            }
        }

        return false;
    }

    private static bool Keys(IReadOnlyList<KeyCount> keys, long sourceEvents, long targetEvents)
    {
        long source = 0, target = 0;
        for (var i = 0; i < keys.Count; i++)
        {
            var key = keys[i];
            if (key.Source < 0 || key.Target < 0)
            {
                return true;
            }

            source += key.Source;
            target += key.Target;
        }

        return source > sourceEvents || target > targetEvents;
    }
}
