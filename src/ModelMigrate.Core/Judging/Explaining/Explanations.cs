using ModelMigrate.Core.Judging.Display;
using ModelMigrate.Core.Judging.Harm;

namespace ModelMigrate.Core.Judging.Explaining;

/// <summary>Explains evidence gate by gate. Made when somebody asks, not at every look.</summary>
public static class Explanations
{
    private const string OneKey = HarmReading.OneKey, SickKeys = HarmReading.SickKeys;

    /// <summary>Counts, effect, distance to each decision, and what is still needed.</summary>
    /// <param name="gate">The gate's evidence.</param>
    /// <param name="weight">The target's share of the traffic now; where it is not between 0 and 1, the share of the counted requests serves.</param>
    public static GateExplanation Of(GateEvidence gate, double weight)
    {
        var counted = gate.SourceExposures + gate.TargetExposures;
        var share = weight is > 0 and < 1 ? weight : counted > 0 ? gate.TargetExposures / (double)counted : 0.5;
        var isPaired = MetricTraits.IsPaired(gate.Metric);
        var harm = isPaired ? ScoreNeeds.Harm(gate) : EventNeeds.Harm(gate, share);
        var promote = Promotion(gate, share, gate.PromoteLog10, gate.Margin);
        var final = Promotion(gate, share, gate.PromoteFinalLog10, gate.FinalMargin);
        (double Low, double High)? source = isPaired || gate.SourceExposures == 0 ? null : ShareSequence.Of(gate.SourceEvents, gate.SourceExposures);
        (double Low, double High)? target = isPaired || gate.TargetExposures == 0 ? null : ShareSequence.Of(gate.TargetEvents, gate.TargetExposures);
        return new GateExplanation
        {
            Gate = gate.Name,
            SourceLow = source?.Low,
            SourceHigh = source?.High,
            TargetLow = target?.Low,
            TargetHigh = target?.High,
            HarmMissingLog10 = gate.HarmMissingLog10,
            PromoteMissingLog10 = gate.PromoteMissingLog10,
            PromoteFinalMissingLog10 = gate.PromoteFinalMissingLog10,
            HarmAssumed = harm.Assumed,
            HarmNeeds = Finite(harm.Needs),
            PromoteNeeds = Finite(promote),
            PromoteFinalNeeds = Finite(final),
            Lines =
            [
                Counts(gate, source, target),
                Effect(gate),
                $"Harm: evidence {Words.Power(gate.HarmLog10)} of {Words.Power(gate.HarmNeededLog10)}; {harm.Text}.",
                .. Defence(gate) is { } defence ? [defence] : Array.Empty<string>(),
                .. gate is { WatchLog10: { } level, WatchNeededLog10: { } alarm } ? [$"Harm since the promotion: evidence {Words.Power(level)} of {Words.Power(alarm)}."] : Array.Empty<string>(),
                $"Promotion at {Words.Effect(gate.Margin, MetricTraits.UnitOf(gate.Metric))}: evidence {Words.Power(gate.PromoteLog10)} of {Words.Power(gate.PromoteNeededLog10)}; {More(gate, promote)}.",
                .. gate.Margin.Equals(gate.FinalMargin) ? Array.Empty<string>() :
                [
                    $"Promotion at the final {Words.Effect(gate.FinalMargin, MetricTraits.UnitOf(gate.Metric))}: evidence {Words.Power(gate.PromoteFinalLog10)} of {Words.Power(gate.PromoteNeededLog10)}; {More(gate, final)}.",
                ],
            ],
        };
    }

    /// <summary>What the evidence is when the keys are looked at, where that differs, and whether it is what holds harm back.</summary>
    private static string? Defence(GateEvidence gate)
    {
        var adjusted = gate.HarmAdjustedLog10 ?? gate.HarmLog10;
        return gate.Note switch
        {
            OneKey => $"Held back: without one key the evidence of harm is {Words.Power(gate.HarmWithoutOneKeyLog10)}. One user is not everybody; look at what that key sends.",
            SickKeys => $"Held back: given how often its heaviest keys failed before they moved, the evidence of harm is {Words.Power(adjusted)}. The keys brought their failures with them; look at what they send.",
            _ => adjusted.Equals(gate.HarmLog10) ? null : $"Given how often its heaviest keys had the event before they moved: evidence of harm {Words.Power(adjusted)}.",
        };
    }

    private static double Promotion(GateEvidence gate, double share, double reached, double margin) =>
        MetricTraits.IsPaired(gate.Metric) ? ScoreNeeds.Promotion(gate, reached, margin) : EventNeeds.Promotion(gate, share, reached, margin);

    private static double? Finite(double needs) => double.IsFinite(needs) ? Math.Ceiling(needs) : null;

    private static string More(GateEvidence gate, double needs) =>
        needs <= 0 ? "reached"
        : !double.IsFinite(needs) ? "not to be told yet"
        : $"about {Words.About(needs)} more {(MetricTraits.IsPaired(gate.Metric) ? "scored pairs" : gate.CountedBy == GateUnit.Key ? "target keys" : "target requests")} if the arms are equal";

    private static string Counts(GateEvidence gate, (double Low, double High)? source, (double Low, double High)? target)
    {
        if (MetricTraits.IsPaired(gate.Metric))
        {
            var means = gate is { SourceMean: { } s, TargetMean: { } t } ? $", mean {Words.Number(t)} against {Words.Number(s)} of the source" : "";
            return $"{Words.Count(gate.TargetExposures)} pairs: the target did worse in {Words.Count(gate.TargetEvents)}, better in {Words.Count(gate.SourceEvents)}{means}.";
        }

        return $"Target {Arm(gate.TargetEvents, gate.TargetExposures, target)}, source {Arm(gate.SourceEvents, gate.SourceExposures, source)} {EventNeeds.Noun(gate)}.";
    }

    private static string Arm(long events, long exposures, (double Low, double High)? interval) => interval is { } known
        ? $"{Words.Count(events)} of {Words.Count(exposures)} ({Words.Percent(events / (double)exposures)}, {Words.Percent(known.Low)} to {Words.Percent(known.High)})"
        : "none counted";

    private static string Effect(GateEvidence gate) => gate.Effect is not { } effect
        ? "Difference: no data."
        : $"Difference {Words.Effect(effect, gate.Unit)}"
            + (gate is { EffectLow: { } low, EffectHigh: { } high } ? $", 95 % {Words.Effect(low, gate.Unit)} to {Words.Effect(high, gate.Unit)}" : "")
            + (gate.EffectIsReliable ? "." : ", too few to rely upon.");
}
