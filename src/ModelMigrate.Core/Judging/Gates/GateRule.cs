using ModelMigrate.Core.Judging.Processes;
using ModelMigrate.Core.Observing.Blocks;

namespace ModelMigrate.Core.Judging.Gates;

/// <summary>What all kinds of gates decide alike: from evidence, and from what stands in its way.</summary>
internal sealed class GateRule(JudgeSpec spec, GateSpec gate)
{
    public GateSpec Gate => gate;

    public double HarmAlpha { get; } = spec.HarmAlpha(gate);

    public double PromoteAlpha => spec.PromoteAlpha;

    /// <summary>The margin factors that promotion is judged at, ascending, with the final one.</summary>
    public double[] Factors { get; } = [.. spec.MarginFactors.Append(1).Distinct().Order()];

    /// <summary>ln of the e-value that harm needs.</summary>
    public double HarmNeeded { get; } = -Math.Log(spec.HarmAlpha(gate));

    /// <summary>ln of the level at which the watch test alarms, planned blocks / α: its chance to get there is at most α.</summary>
    public double WatchNeeded { get; } = Math.Log(spec.WatchBlocks) - Math.Log(spec.WatchAlpha(gate));

    /// <summary>Whether the gate has a test of its own for the time after the promotion.</summary>
    public bool Watches { get; } = spec.Watches(gate);

    /// <summary>ln of the e-value that a promotion needs.</summary>
    public double PromoteNeeded { get; } = -Math.Log(spec.PromoteAlpha);

    public bool HasAlphas => IsAlpha(HarmAlpha) && IsAlpha(PromoteAlpha);

    /// <summary>What a gate says of a look: the verdicts and all that stands beside them.</summary>
    public GateEvidence Evidence(in GateReading reading)
    {
        var harm = reading.IsWorse;
        var starved = reading.Data is { } data && Starves(data);
        return new GateEvidence
        {
            Name = gate.Name,
            Metric = gate.Metric,
            Check = gate.Check,
            CountedBy = gate.Unit,
            Required = gate.Required,
            NoData = gate.NoData,
            NoDataSeconds = reading.Data?.Seconds ?? 0,
            Starved = starved,
            Verdict = Decide(reading, harm, reading.HasMargin && reading.Promote >= PromoteNeeded, starved),
            FinalVerdict = Decide(reading, harm, reading.PromoteFinal >= PromoteNeeded, starved),
            Note = reading.Note,
            Margin = MetricTraits.MarginAt(gate, reading.Factor),
            FinalMargin = gate.Margin,
            Tolerance = gate.Tolerance,
            HarmLog10 = Shown(reading.Harm.Log),
            HarmWithoutOneKeyLog10 = Shown(reading.Harm.WithoutOneKey),
            HarmAdjustedLog10 = Shown(Math.Min(reading.Harm.Adjusted, reading.Harm.AdjustedWithoutOneKey)),
            HarmNeededLog10 = Shown(HarmNeeded),
            WatchLog10 = reading.Watch is { } watch ? Shown(watch.Log) : null,
            WatchNeededLog10 = reading.Watch is { } watched ? Shown(watched.Needed) : null,
            HarmAlpha = double.IsFinite(HarmAlpha) ? HarmAlpha : 0,
            PromoteLog10 = Shown(reading.Promote),
            PromoteFinalLog10 = Shown(reading.PromoteFinal),
            PromoteNeededLog10 = Shown(PromoteNeeded),
            SourceExposures = reading.Counts.SourceExposures,
            SourceEvents = reading.Counts.SourceEvents,
            TargetExposures = reading.Counts.TargetExposures,
            TargetEvents = reading.Counts.TargetEvents,
            Effect = reading.Effect,
            EffectLow = reading.EffectLow,
            EffectHigh = reading.EffectHigh,
            EffectIsReliable = reading.EffectIsReliable,
        };
    }

    /// <summary>Whether a block is of the time after the promotion.</summary>
    public bool IsWatched(Block block) => Watches && block.WeightPpm == spec.WatchWeightPpm;

    /// <summary>
    /// The verdict. Whatever the note says stands in the way of both decisions; data that stopped coming stand in the way of a promotion only.
    /// </summary>
    private static Verdict Decide(in GateReading reading, bool harm, bool promote, bool starved) =>
        !reading.Compares ? Verdict.NoData
        : reading.Note is not null ? Verdict.Undecided
        : harm ? Verdict.Worse
        : starved ? Verdict.NoData
        : promote ? Verdict.NotWorse
        : Verdict.Undecided;

    /// <summary>Whether the target took requests for the gate's whole grace without one that it could judge.</summary>
    private bool Starves(DataWatch data) => data.Seconds >= gate.NoDataPatience.TotalSeconds && data.Seconds > 0;

    /// <summary>JSON has no infinity; what is not a number is shown as no evidence and decides nothing.</summary>
    private static double Shown(double log) => double.IsFinite(log) ? log * LogMath.ToLog10 : 0;

    private static bool IsAlpha(double alpha) => alpha is > 0 and < 1;
}
