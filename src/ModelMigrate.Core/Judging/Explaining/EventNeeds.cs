namespace ModelMigrate.Core.Judging.Explaining;

/// <summary>What a gate on events still needs.</summary>
internal static class EventNeeds
{
    private const double LnTen = 2.302585092994046;

    /// <summary>What a gate's events are called.</summary>
    public static string Noun(GateEvidence gate) => (gate.CountedBy == GateUnit.Key ? "keys " : "") + gate.Metric switch
    {
        Metric.ErrorRate => "failed",
        Metric.ThrottlingRate => "were throttled",
        Metric.CheckFailureRate => $"failed the check {gate.Check}",
        _ => "were slower than the source's frozen quantile",
    };

    /// <summary>The ratio that is assumed, and the events that it takes.</summary>
    public static (double? Assumed, double Needs, string Text) Harm(GateEvidence gate, double share)
    {
        var missing = Outlook.Missing(gate.HarmLog10 * LnTen, gate.HarmNeededLog10 * LnTen);
        if (missing <= 0)
        {
            return (null, 0, "reached");
        }

        var (ratio, observed) = Ratio(gate);
        var needs = Outlook.HarmEvents(missing, share, ratio, gate.Tolerance);
        return !double.IsFinite(needs)
            ? (null, needs, "not to be told yet")
            : (ratio, needs, $"about {Words.About(needs)} more {Plural(gate)} of both arms if the true ratio is {Words.Number(ratio)}{(observed ? ", as counted so far" : "")}");
    }

    /// <summary>Target requests until the margin is passed by equal arms.</summary>
    public static double Promotion(GateEvidence gate, double share, double reachedLog10, double margin)
    {
        var missing = Outlook.Missing(reachedLog10 * LnTen, gate.PromoteNeededLog10 * LnTen);
        var counted = gate.SourceExposures + gate.TargetExposures;
        if (missing <= 0 || counted == 0)
        {
            return missing <= 0 ? 0 : double.PositiveInfinity;
        }

        if (MetricTraits.IsLatency(gate.Metric))
        {
            var slow = gate.SourceExposures > 0 ? gate.SourceEvents / (double)gate.SourceExposures : 0;
            return slow > 0 ? Outlook.PromotionEvents(missing, share, margin) / slow * share : double.PositiveInfinity;
        }

        // A pair takes one request of each arm: above one half of the traffic the source's are the scarce ones.
        var rate = (gate.SourceEvents + gate.TargetEvents) / (double)counted;
        return margin is > 0 and < 1
            ? Outlook.PromotionPairs(missing, Math.Min(rate, 0.5), margin) * share / Math.Min(share, 1 - share)
            : double.PositiveInfinity;
    }

    private static string Plural(GateEvidence gate) => gate.Metric switch
    {
        Metric.ErrorRate => "errors",
        Metric.ThrottlingRate => "throttled requests",
        Metric.CheckFailureRate => "failed checks",
        _ => "slow answers",
    };

    /// <summary>The counted ratio once it is one to speak of; until then three times as many, or what twice the latency does to a median.</summary>
    private static (double Ratio, bool Observed) Ratio(GateEvidence gate)
    {
        if (gate is { SourceEvents: > 0, TargetEvents: > 0, SourceExposures: > 0, TargetExposures: > 0 })
        {
            var counted = gate.TargetEvents / (double)gate.TargetExposures / (gate.SourceEvents / (double)gate.SourceExposures);
            if (counted >= 1.3 * gate.Tolerance)
            {
                return (Math.Round(counted, 1), true);
            }
        }

        return (gate.Metric is Metric.LatencyP50 or Metric.FirstTokenP50 ? 1.8 : 3, false);
    }
}
