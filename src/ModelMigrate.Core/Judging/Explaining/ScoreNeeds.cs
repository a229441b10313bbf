using ModelMigrate.Core.Observing.Signals;

namespace ModelMigrate.Core.Judging.Explaining;

/// <summary>What a gate on matched pairs of scores still needs.</summary>
internal static class ScoreNeeds
{
    private const double LnTen = 2.302585092994046;

    /// <summary>How much lower than tolerated a score is assumed to be, and how much dearer a request, until more is known.</summary>
    private const double AssumedDrop = 0.05, AssumedCost = 1.5, AssumedChance = 0.35;

    public static (double? Assumed, double Needs, string Text) Harm(GateEvidence gate)
    {
        var missing = Outlook.Missing(gate.HarmLog10 * LnTen, gate.HarmNeededLog10 * LnTen);
        if (missing <= 0)
        {
            return (null, 0, "reached");
        }

        if (gate.Metric == Metric.Preference)
        {
            var chance = gate.Effect is { } won && won < -gate.Tolerance - 0.02 ? Math.Round(0.5 + won, 2) : AssumedChance - gate.Tolerance;
            return Say(chance, Outlook.DecidedPairs(missing, chance, 0.5 - gate.Tolerance), $"it wins {Words.Percent(chance)} of the decided pairs", "decided pairs");
        }

        if (gate.Metric == Metric.Cost)
        {
            var ratio = gate.Effect is { } counted && counted > gate.Tolerance * 1.1 ? Math.Round(counted, 2) : gate.Tolerance * AssumedCost;
            var gain = (ratio - gate.Tolerance) * (gate.SourceMean ?? 0) / ScoreCounts.CostCap;
            return Say(ratio, Pairs(gate, missing, gain, 1 / gate.Tolerance), $"it costs {Words.Number(ratio)} times as much", "pairs");
        }

        if (MetricTraits.IsLatencyRank(gate.Metric))
        {
            var slower = gate.Effect is { } more && more > gate.Tolerance + 0.01 ? Math.Round(more, 3) : gate.Tolerance + AssumedDrop;
            return Say(
                slower, Pairs(gate, missing, slower - gate.Tolerance, 1 / (1 + gate.Tolerance)),
                $"it is slower than the source with a probability of {Words.Percent(0.5 + slower)}", "answers");
        }

        var drop = gate.Effect is { } difference && -difference > gate.Tolerance + 0.01 ? Math.Round(-difference, 3) : gate.Tolerance + AssumedDrop;
        return Say(drop, Pairs(gate, missing, drop - gate.Tolerance, 1 / (1 + gate.Tolerance)), $"its score is {Words.Number(drop)} lower", "scored pairs");
    }

    /// <summary>Pairs until the margin is passed by equal arms.</summary>
    public static double Promotion(GateEvidence gate, double reachedLog10, double margin)
    {
        var missing = Outlook.Missing(reachedLog10 * LnTen, gate.PromoteNeededLog10 * LnTen);
        if (missing <= 0)
        {
            return 0;
        }

        return gate.Metric switch
        {
            Metric.Preference => Decided(gate) is > 0 and var decided
                ? Outlook.DecidedPairs(missing, 0.5, 0.5 - margin) / decided
                : double.PositiveInfinity,
            Metric.Cost => Pairs(gate, missing, (margin - 1) * (gate.SourceMean ?? 0) / ScoreCounts.CostCap, 1),
            _ => margin is > 0 and < 1 ? Pairs(gate, missing, margin, 1 / (1 - margin)) : double.PositiveInfinity,
        };
    }

    private static double Pairs(GateEvidence gate, double missing, double gain, double mostLambda) =>
        gate.PairVariance is { } variance ? Outlook.ScorePairs(missing, gain, variance, mostLambda) : double.PositiveInfinity;

    /// <summary>Share of the pairs that are no tie.</summary>
    private static double Decided(GateEvidence gate) =>
        gate.TargetExposures > 0 ? (gate.SourceEvents + gate.TargetEvents) / (double)gate.TargetExposures : 0;

    private static (double? Assumed, double Needs, string Text) Say(double assumed, double needs, string condition, string what) => double.IsFinite(needs)
        ? (assumed, needs, $"about {Words.About(needs)} more {what} if {condition}")
        : (null, needs, "not to be told yet");
}
