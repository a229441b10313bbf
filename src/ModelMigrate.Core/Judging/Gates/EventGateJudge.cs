using System.Runtime.InteropServices;
using ModelMigrate.Core.Judging.Display;
using ModelMigrate.Core.Judging.Harm;
using ModelMigrate.Core.Judging.Processes;
using ModelMigrate.Core.Judging.Promotion;
using ModelMigrate.Core.Observing.Blocks;

namespace ModelMigrate.Core.Judging.Gates;

/// <summary>
/// Everything a gate on events knows (failures, throttling, failed checks, slowness): harm, promotion at every margin, and the counts and
/// interval shown beside them.
/// </summary>
internal sealed class EventGateJudge : IGateJudge
{
    /// <summary>With fewer events in an arm the interval is not to be relied upon.</summary>
    private const long ReliableEvents = 50;
    private const double IntervalAlpha = 0.05;

    private readonly GateRule _rule;
    private readonly GateSpec _gate;
    private readonly LatencyQuantile? _quantile;
    private readonly string? _signal;
    private readonly RatioPromotion[] _promotions;
    private readonly DefendedHarm _harm;
    private readonly DefendedHarm? _watch;
    private readonly KeyRisks _risks;
    private readonly DataWatch _data;
    private EventBlock _sums;
    private PairCounts _pairs;
    private StratifiedDifference _difference;

    /// <summary>What the newest look saw, and what it came to: asked again for the same, it answers the same.</summary>
    private readonly List<(Block? Block, bool IsAdjusted)> _seen = [];
    private readonly List<StratifiedDifference> _openDifferences = [];
    private readonly OpenEvents _open = new();
    private readonly OpenEvents _openAdjusted = new();

    /// <summary>The same for the watch: blocks before the promotion are empty there.</summary>
    private readonly OpenEvents _openWatched = new();
    private readonly OpenEvents _openWatchedAdjusted = new();
    private GateEvidence? _last;
    private (double Factor, bool Faulty) _asked;
    private readonly Dictionary<double, double> _promoteLogs = [];

    public EventGateJudge(JudgeSpec spec, GateSpec gate, GateState state)
    {
        _rule = new GateRule(spec, gate);
        _gate = gate;
        _quantile = GateSignals.QuantileOf(gate.Metric);
        _signal = GateSignals.EventOf(gate);
        _harm = new DefendedHarm(gate.Tolerance, BetSchedule.Over(spec.PlannedBlocks), state.Harm, state.HarmAdjusted);
        _watch = _rule.Watches ? new DefendedHarm(gate.Tolerance, BetSchedule.EveryBlock(spec.WatchBlocks), state.Watch, state.WatchAdjusted) : null;
        _risks = new KeyRisks(state.Risks);
        _promotions = _quantile is null
            ? []
            : [.. _rule.Factors.Select(f => new RatioPromotion(
                MetricTraits.MarginAt(gate, f), state.Promotions.FirstOrDefault(p => p.Factor.Equals(f))?.Logs ?? []))];
        _data = new DataWatch(state);
        _sums = new EventBlock(state.SourceExposures, state.SourceEvents, state.TargetExposures, state.TargetEvents);
        _pairs = state.Pairs;
        _difference = state.Difference;
    }

    public GateRule Rule => _rule;

    public GateState Snapshot() => new()
    {
        Name = _gate.Name,
        SourceExposures = _sums.SourceExposures,
        SourceEvents = _sums.SourceEvents,
        TargetExposures = _sums.TargetExposures,
        TargetEvents = _sums.TargetEvents,
        Difference = _difference,
        Harm = _harm.Snapshot(),
        HarmAdjusted = _harm.SnapshotAdjusted(),
        Watch = _watch?.Snapshot() ?? new HarmState(),
        WatchAdjusted = _watch?.SnapshotAdjusted(),
        Risks = _risks.Snapshot(),
        Pairs = _pairs,
        Promotions = [.. _promotions.Select((p, i) => new PromotionState { Factor = _rule.Factors[i], Logs = p.Snapshot() })],
        NoDataSince = _data.Since,
        NoDataUntil = _data.Until,
    };

    public void Fold(Block block)
    {
        _last = null;
        _seen.Clear();
        _promoteLogs.Clear();
        var events = EventsOf(block, out var keys, out var pairs);
        _sums = Sum(_sums, events);
        _difference += StratifiedDifference.Of(events);
        _data.Fold(block, events.Compares);
        var plain = KeyedBlock.Plain(events, keys);
        var adjusted = Adjust(plain, block);
        _harm.Fold(plain, adjusted);
        if (_rule.IsWatched(block))
        {
            _watch?.Fold(plain, adjusted);
        }

        // Only now: what a block is judged by was known before it.
        if (_gate.Unit == GateUnit.Request)
        {
            _risks.Fold(events, block, keys);
        }
        _pairs += pairs;
        foreach (var promotion in _promotions)
        {
            promotion.Fold(events);
        }
    }

    public GateEvidence Evaluate(IReadOnlyList<Block> open, double factor, bool faulty)
    {
        if (!See(open) && _last is not null && _asked == (factor, faulty))
        {
            return _last;
        }

        _last = null;
        var (sums, difference) = (_sums, _difference);
        Adjust(open);
        for (var i = 0; i < _open.Count; i++)
        {
            sums = Sum(sums, _open.Blocks[i]);
            difference += _openDifferences[i];
        }

        var harm = _harm.Read(_open, _openAdjusted, _rule.HarmNeeded);
        var watch = _watch is null || (_watch.Blocks == 0 && !_openWatched.Compares())
            ? (HarmReading?)null
            : _watch.Read(_openWatched, _openWatchedAdjusted, _rule.WatchNeeded);
        var promote = PromoteLog(factor);
        var promoteFinal = PromoteLog(1);
        var isUsable = _rule.HasAlphas && IsMargin(1) && _gate.Tolerance > 0 && double.IsFinite(_gate.Tolerance)
            && harm.IsFinite && (watch is not { } watched || watched.IsFinite) && double.IsFinite(promoteFinal);
        var effect = difference.Effect;
        var half = effect is null
            ? (double?)null
            : AsymptoticSequence.TwoSided(difference.StandardError * Math.Sqrt(difference.Requests), difference.Requests, IntervalAlpha);
        _asked = (factor, faulty);
        return _last = _rule.Evidence(new GateReading
        {
            Factor = factor,
            Compares = sums.Compares,
            Note = Note(sums, faulty, isUsable) ?? GateReading.Obstacle(harm, watch),
            Harm = harm,
            Watch = watch,
            Promote = promote,
            PromoteFinal = promoteFinal,
            HasMargin = IsMargin(factor),
            Data = _data,
            Counts = sums,
            Effect = effect,
            EffectLow = Bound(effect - half),
            EffectHigh = Bound(effect + half),
            EffectIsReliable = sums.SourceEvents >= ReliableEvents && sums.TargetEvents >= ReliableEvents,
        });
    }

    /// <summary>Takes in what the gate counts of the open blocks; answers whether it is anything else than before.</summary>
    private bool See(IReadOnlyList<Block> open)
    {
        var isNew = open.Count != _seen.Count || open.Count != _open.Count;
        if (isNew)
        {
            _seen.Clear();
            CollectionsMarshal.SetCount(_seen, open.Count);
            CollectionsMarshal.SetCount(_openDifferences, open.Count);
            _open.Resize(open.Count);
            _openAdjusted.Resize(open.Count);
            _openWatched.Resize(_watch is null ? 0 : open.Count);
            _openWatchedAdjusted.Resize(_openWatched.Count);
        }

        for (var i = 0; i < open.Count; i++)
        {
            if (ReferenceEquals(_seen[i].Block, open[i]))
            {
                continue;
            }

            var events = EventsOf(open[i], out var keys, out _);
            if (_seen[i].Block is null || _open.Blocks[i] != events || !ReferenceEquals(_open.Keys[i], keys))
            {
                _open.Set(i, KeyedBlock.Plain(events, keys));
                _openDifferences[i] = StratifiedDifference.Of(events);
                isNew = true;
            }

            _seen[i] = (open[i], IsAdjusted: false);
        }

        return isNew;
    }

    /// <summary>Where every key counts once a block there is nothing to weigh.</summary>
    private KeyedBlock Adjust(in KeyedBlock plain, Block block) => _gate.Unit == GateUnit.Request ? _risks.Adjust(plain, block) : plain;

    /// <summary>Only of blocks that changed: what is known of the keys does when one is folded, and then nothing counts as seen.</summary>
    private void Adjust(IReadOnlyList<Block> open)
    {
        for (var i = 0; i < open.Count; i++)
        {
            if (_seen[i].IsAdjusted)
            {
                continue;
            }

            var plain = _open[i];
            var adjusted = Adjust(plain, open[i]);
            _openAdjusted.Set(i, adjusted);
            _seen[i] = (open[i], IsAdjusted: true);
            if (_watch is not null)
            {
                var isWatched = _rule.IsWatched(open[i]);
                _openWatched.Set(i, isWatched ? plain : KeyedBlock.None);
                _openWatchedAdjusted.Set(i, isWatched ? adjusted : KeyedBlock.None);
            }
        }
    }

    private static EventBlock Sum(in EventBlock a, in EventBlock b) => new(
        a.SourceExposures + b.SourceExposures, a.SourceEvents + b.SourceEvents,
        a.TargetExposures + b.TargetExposures, a.TargetEvents + b.TargetEvents);

    private static double? Bound(double? value) => value is { } v && double.IsFinite(v) ? Math.Clamp(v, -1, 1) : null;

    private static string? Note(in EventBlock sums, bool faulty, bool isUsable) =>
        faulty ? "inconsistent counts"
        : !sums.Compares ? "no data in one arm"
        : !isUsable ? "figures out of range"
        : null;

    private bool IsMargin(double factor)
    {
        var margin = MetricTraits.MarginAt(_gate, factor);
        return _quantile is null ? margin is > 0 and < 1 : margin > 1 && double.IsFinite(margin);
    }

    /// <summary>Promotion looks at folded blocks only: its evidence stands until the next one.</summary>
    private double PromoteLog(double factor)
    {
        if (!_promoteLogs.TryGetValue(factor, out var log))
        {
            _promoteLogs.Add(factor, log = ReadPromoteLog(factor));
        }

        return log;
    }

    private double ReadPromoteLog(double factor)
    {
        if (_quantile is null)
        {
            return PairedBetting.Log(_pairs, MetricTraits.MarginAt(_gate, factor));
        }

        var index = Array.IndexOf(_rule.Factors, factor);
        return index < 0 ? double.NaN : _promotions[index].Log;
    }

    private EventBlock EventsOf(Block block, out IReadOnlyList<KeyCount> keys, out PairCounts pairs)
    {
        if (_signal is not null)
        {
            return SignalOf(block, _signal, out keys, out pairs);
        }

        pairs = _quantile is null ? block.Pairs : default;
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

    private EventBlock SignalOf(Block block, string signal, out IReadOnlyList<KeyCount> keys, out PairCounts pairs)
    {
        foreach (var counts in block.Signals)
        {
            // Of an open block only the fast answers are checked so far: they need not fail as often as the slow ones.
            if (string.Equals(counts.Name, signal, StringComparison.Ordinal) && (block.Ended || _gate.Metric != Metric.CheckFailureRate))
            {
                (keys, pairs) = (counts.Keys, counts.Pairs);
                return new EventBlock(counts.SourceExposures, counts.SourceEvents, counts.TargetExposures, counts.TargetEvents);
            }
        }

        (keys, pairs) = ([], default);
        return default;
    }
}
