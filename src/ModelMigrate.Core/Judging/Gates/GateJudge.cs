using ModelMigrate.Core.Judging.Display;
using ModelMigrate.Core.Judging.Harm;
using ModelMigrate.Core.Judging.Processes;
using ModelMigrate.Core.Judging.Promotion;
using ModelMigrate.Core.Observing.Blocks;

namespace ModelMigrate.Core.Judging.Gates;

/// <summary>Everything one gate knows: harm, promotion at every margin, and the counts and interval shown beside them.</summary>
internal sealed class GateJudge
{
    /// <summary>With fewer events in an arm the interval is not to be relied upon.</summary>
    private const long ReliableEvents = 50;
    private const double IntervalAlpha = 0.05;

    private readonly GateSpec _gate;
    private readonly LatencyQuantile? _quantile;
    private readonly double _harmAlpha;
    private readonly double _promoteAlpha;
    private readonly double[] _factors;
    private readonly RatioPromotion[] _promotions;
    private readonly HarmProcess _harm;
    private EventBlock _sums;
    private PairCounts _pairs;
    private StratifiedDifference _difference;

    public GateJudge(JudgeSpec spec, GateSpec gate, GateState state)
    {
        _gate = gate;
        _quantile = GateSignals.QuantileOf(gate.Metric);
        _harmAlpha = spec.HarmAlpha(gate);
        _promoteAlpha = spec.PromoteAlpha;
        _factors = [.. spec.MarginFactors.Append(1).Distinct().Order()];
        _harm = new HarmProcess(gate.Tolerance, spec.PlannedBlocks, state.Harm);
        _promotions = _quantile is null
            ? []
            : [.. _factors.Select(f => new RatioPromotion(
                JudgeSpec.MarginAt(gate, f), state.Promotions.FirstOrDefault(p => p.Factor.Equals(f))?.Logs ?? []))];
        _sums = new EventBlock(state.SourceExposures, state.SourceEvents, state.TargetExposures, state.TargetEvents);
        _pairs = state.Pairs;
        _difference = state.Difference;
    }

    public GateState Snapshot() => new()
    {
        Name = _gate.Name,
        SourceExposures = _sums.SourceExposures,
        SourceEvents = _sums.SourceEvents,
        TargetExposures = _sums.TargetExposures,
        TargetEvents = _sums.TargetEvents,
        Difference = _difference,
        Harm = _harm.Snapshot(),
        Pairs = _pairs,
        Promotions = [.. _promotions.Select((p, i) => new PromotionState { Factor = _factors[i], Logs = p.Snapshot() })],
    };

    public void Fold(Block block)
    {
        var events = EventsOf(block, out var keys);
        _sums = Sum(_sums, events);
        _difference = _difference.Add(events);
        _harm.Fold(events, keys);
        if (_quantile is null)
        {
            _pairs += block.Pairs;
        }

        foreach (var promotion in _promotions)
        {
            promotion.Fold(events);
        }
    }

    public GateEvidence Evaluate(IReadOnlyList<Block> open, double factor, bool faulty)
    {
        var events = new EventBlock[open.Count];
        var keys = new IReadOnlyList<KeyCount>[open.Count];
        var sums = _sums;
        var difference = _difference;
        for (var i = 0; i < events.Length; i++)
        {
            events[i] = EventsOf(open[i], out keys[i]);
            sums = Sum(sums, events[i]);
            difference = difference.Add(events[i]);
        }

        var needed = -Math.Log(_harmAlpha);
        var promoteNeeded = -Math.Log(_promoteAlpha);
        var shares = Array.ConvertAll(events, static e => e.Compares ? e.Share : 0);
        var harm = _harm.Read(events, shares);
        var without = harm >= needed ? _harm.ReadWithoutOneKey(events, shares, keys, harm, needed) : harm;
        var promote = PromoteLog(factor);
        var promoteFinal = PromoteLog(1);
        var isUsable = IsAlpha(_harmAlpha) && IsAlpha(_promoteAlpha) && IsMargin(1) && _gate.Tolerance > 0 && double.IsFinite(_gate.Tolerance)
            && double.IsFinite(harm) && double.IsFinite(without) && double.IsFinite(promoteFinal);
        var note = Note(sums, faulty, isUsable, harm >= needed, without >= needed);
        var effect = difference.Effect;
        var half = effect is null
            ? (double?)null
            : AsymptoticSequence.TwoSided(difference.StandardError * Math.Sqrt(difference.Requests), difference.Requests, IntervalAlpha);
        return new GateEvidence
        {
            Name = _gate.Name,
            Metric = _gate.Metric,
            Required = _gate.Required,
            Verdict = Decide(sums, note, harm >= needed, IsMargin(factor) && promote >= promoteNeeded),
            FinalVerdict = Decide(sums, note, harm >= needed, promoteFinal >= promoteNeeded),
            Note = note,
            Margin = JudgeSpec.MarginAt(_gate, factor),
            FinalMargin = _gate.Margin,
            HarmLog10 = Shown(harm),
            HarmWithoutOneKeyLog10 = Shown(without),
            HarmNeededLog10 = Shown(needed),
            HarmAlpha = double.IsFinite(_harmAlpha) ? _harmAlpha : 0,
            PromoteLog10 = Shown(promote),
            PromoteFinalLog10 = Shown(promoteFinal),
            PromoteNeededLog10 = Shown(promoteNeeded),
            SourceExposures = sums.SourceExposures,
            SourceEvents = sums.SourceEvents,
            TargetExposures = sums.TargetExposures,
            TargetEvents = sums.TargetEvents,
            Effect = effect,
            EffectLow = Bound(effect - half),
            EffectHigh = Bound(effect + half),
            EffectIsReliable = sums.SourceEvents >= ReliableEvents && sums.TargetEvents >= ReliableEvents,
        };
    }

    private static EventBlock Sum(in EventBlock a, in EventBlock b) => new(
        a.SourceExposures + b.SourceExposures, a.SourceEvents + b.SourceEvents,
        a.TargetExposures + b.TargetExposures, a.TargetEvents + b.TargetEvents);

    private static bool IsAlpha(double alpha) => alpha is > 0 and < 1;

    /// <summary>JSON has no infinity; what is not a number is shown as no evidence and decides nothing.</summary>
    private static double Shown(double log) => double.IsFinite(log) ? log * LogMath.ToLog10 : 0;

    private static double? Bound(double? value) => value is { } v && double.IsFinite(v) ? Math.Clamp(v, -1, 1) : null;

    private static string? Note(in EventBlock sums, bool faulty, bool isUsable, bool harm, bool harmWithoutOneKey) =>
        faulty ? "inconsistent counts"
        : !sums.Compares ? "no data in one arm"
        : !isUsable ? "figures out of range"
        : harm && !harmWithoutOneKey ? "one key"
        : null;

    private static Verdict Decide(in EventBlock sums, string? note, bool harm, bool promote) =>
        !sums.Compares ? Verdict.NoData
        : note is not null ? Verdict.Undecided
        : harm ? Verdict.Worse
        : promote ? Verdict.NotWorse
        : Verdict.Undecided;

    private bool IsMargin(double factor)
    {
        var margin = JudgeSpec.MarginAt(_gate, factor);
        return _quantile is null ? margin is > 0 and < 1 : margin > 1 && double.IsFinite(margin);
    }

    private double PromoteLog(double factor)
    {
        if (_quantile is null)
        {
            return PairedBetting.Log(_pairs, JudgeSpec.MarginAt(_gate, factor));
        }

        var index = Array.IndexOf(_factors, factor);
        return index < 0 ? double.NaN : _promotions[index].Log;
    }

    private EventBlock EventsOf(Block block, out IReadOnlyList<KeyCount> keys)
    {
        if (_quantile is null)
        {
            keys = block.FailureKeys;
            return new EventBlock(block.Source.Exposures, block.Source.Failures, block.Target.Exposures, block.Target.Failures);
        }

        foreach (var counts in block.Exceedances)
        {
            if (counts.Quantile == _quantile)
            {
                keys = counts.Keys;
                return new EventBlock(counts.SourceExposures, counts.SourceEvents, counts.TargetExposures, counts.TargetEvents);
            }
        }

        keys = [];
        return default;
    }
}
