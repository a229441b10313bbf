using ModelMigrate.Core.Judging.Display;
using ModelMigrate.Core.Judging.Harm;
using ModelMigrate.Core.Judging.Processes;
using ModelMigrate.Core.Judging.Promotion;
using ModelMigrate.Core.Observing.Blocks;
using ModelMigrate.Core.Observing.Signals;

namespace ModelMigrate.Core.Judging.Gates;

/// <summary>
/// Everything a gate on matched pairs of scores knows: quality, satisfaction and cost by betting on the pairs' mean, preference by counting
/// who won. Looks at ended blocks only: of a running request nobody knows the score.
/// </summary>
internal sealed class PairGateJudge : IGateJudge
{
    /// <summary>With fewer pairs the interval is not to be relied upon.</summary>
    private const long ReliablePairs = 50;

    private readonly GateRule _rule;
    private readonly GateSpec _gate;
    private readonly PairedScore _score;
    private readonly bool _isPreference;
    private readonly PairHarm _harm;
    private readonly PairHarm? _watch;
    private readonly PairPromotion[] _promotions;
    private readonly DataWatch _data;
    private PairTable _table;
    private BernsteinSequence _interval;
    private PairCounts _preference;
    private long _invalid;
    private GateEvidence? _read;
    private (double Factor, bool Faulty) _readFor;

    public PairGateJudge(JudgeSpec spec, GateSpec gate, PairedScore score, GateState state)
    {
        _rule = new GateRule(spec, gate);
        _gate = gate;
        _score = score;
        _isPreference = gate.Metric == Metric.Preference;
        _harm = new PairHarm(HarmBet(gate), BetSchedule.Over(spec.PlannedBlocks), state.Harm);
        _watch = _rule.Watches ? new PairHarm(HarmBet(gate), BetSchedule.EveryBlock(spec.WatchBlocks), state.Watch) : null;
        _promotions = _isPreference ? [] : [.. _rule.Factors.Select(f => new PairPromotion(
            PromotionBet(gate, f), state.Promotions.FirstOrDefault(p => p.Factor.Equals(f))?.Logs ?? []))];
        _data = new DataWatch(state);
        _table = state.Table;
        _interval = state.Interval;
        _preference = state.Pairs;
        _invalid = state.Invalid;
    }

    public GateRule Rule => _rule;

    public GateState Snapshot() => new()
    {
        Name = _gate.Name,
        Table = _table,
        Interval = _interval,
        Pairs = _preference,
        Invalid = _invalid,
        Harm = _harm.Snapshot(),
        Watch = _watch?.Snapshot() ?? new HarmState(),
        Promotions = [.. _promotions.Select((p, i) => new PromotionState { Factor = _rule.Factors[i], Logs = p.Snapshot() })],
        NoDataSince = _data.Since,
        NoDataUntil = _data.Until,
    };

    public void Fold(Block block)
    {
        _read = null;
        var found = false;
        for (var i = 0; i < block.Scores.Count; i++)
        {
            var counts = block.Scores[i];
            if (counts.Score != _score)
            {
                continue;
            }

            found = counts.Table.Count > 0;
            _table = _table.Add(counts.Table);
            _interval = _interval.Add(counts.Table.Cells, counts.Table.Counts);
            _preference += counts.Preference;
            _invalid += counts.Invalid;
            if (!_isPreference)
            {
                _harm.Fold(counts.Table, counts.Keys);
                if (_rule.IsWatched(block))
                {
                    _watch?.Fold(counts.Table, counts.Keys);
                }
            }

            foreach (var promotion in _promotions)
            {
                promotion.Fold(counts.Table.Cells, counts.Table.Counts);
            }
        }

        _data.Fold(block, found);
    }

    /// <summary>Remembers what it said last: between two blocks that end nothing changes.</summary>
    public GateEvidence Evaluate(IReadOnlyList<Block> open, double factor, bool faulty)
    {
        if (_read is null || _readFor != (factor, faulty))
        {
            _read = Read(factor, faulty);
            _readFor = (factor, faulty);
        }

        return _read;
    }

    private GateEvidence Read(double factor, bool faulty)
    {
        var table = _table;
        var harm = Harm();
        var watch = _watch is null or { Blocks: 0 } ? (HarmReading?)null : Read(_watch, _rule.WatchNeeded);
        var promote = PromoteLog(factor);
        var promoteFinal = PromoteLog(1);
        var isUsable = _rule.HasAlphas && IsMargin(1) && IsTolerance() && harm.IsFinite && (watch is not { } watched || watched.IsFinite) && double.IsFinite(promoteFinal);
        var compares = table.Count > 0;
        var note = faulty ? "inconsistent counts"
            : _invalid > 0 ? $"{_invalid} scores that cannot be one"
            : !compares ? "no pairs"
            : !isUsable ? "figures out of range"
            : GateReading.Obstacle(harm, watch);
        var effect = PairEffect.Of(table, _interval, _preference, _gate.Metric);
        var better = MetricTraits.IsLowerBetter(_gate.Metric) ? _preference.Lost : _preference.Won;
        var reading = new GateReading
        {
            Factor = factor,
            Compares = compares,
            Note = note,
            Harm = harm,
            Watch = watch,
            Promote = promote,
            PromoteFinal = promoteFinal,
            HasMargin = IsMargin(factor),
            Data = _data,
            Counts = new EventBlock(table.Count, better, table.Count, _preference.Lost + _preference.Won - better),
            Effect = effect.Value,
            EffectLow = effect.Low,
            EffectHigh = effect.High,
            EffectIsReliable = (_isPreference ? _preference.Lost + _preference.Won : table.Count) >= ReliablePairs,
        };
        return _rule.Evidence(reading) with
        {
            Unit = MetricTraits.UnitOf(_gate.Metric),
            SourceMean = effect.Source,
            TargetMean = effect.Target,
            PairVariance = _interval.Variance,
        };
    }

    /// <summary>H0: E[t] ≤ tolerance·E[s] for cost, E[t] ≤ E[s] + tolerance for latency, E[t] ≥ E[s] − tolerance for scores.</summary>
    private static PairBet HarmBet(GateSpec gate) =>
        gate.Metric == Metric.Cost ? new PairBet(gate.Tolerance, 0, PairSide.Above)
        : MetricTraits.IsLatencyRank(gate.Metric) ? new PairBet(1, gate.Tolerance, PairSide.Above)
        : new PairBet(1, -gate.Tolerance, PairSide.Below);

    /// <summary>H0: E[t] ≥ margin·E[s] for cost, E[t] ≥ E[s] + margin for latency, E[t] ≤ E[s] − margin for scores.</summary>
    private static PairBet PromotionBet(GateSpec gate, double factor) =>
        gate.Metric == Metric.Cost ? new PairBet(MetricTraits.MarginAt(gate, factor), 0, PairSide.Below)
        : MetricTraits.IsLatencyRank(gate.Metric) ? new PairBet(1, MetricTraits.MarginAt(gate, factor), PairSide.Below)
        : new PairBet(1, -MetricTraits.MarginAt(gate, factor), PairSide.Above);

    private HarmReading Harm()
    {
        if (!_isPreference)
        {
            return Read(_harm, _rule.HarmNeeded);
        }

        var log = WinLoss.LogBelow(_preference.Won, _preference.Lost, 0.5 - _gate.Tolerance);
        return new HarmReading(log, log, _rule.HarmNeeded);
    }

    private static HarmReading Read(PairHarm process, double needed)
    {
        var log = process.Log;
        return new HarmReading(log, log >= needed ? process.LogWithoutOneKey : log, needed);
    }

    private double PromoteLog(double factor)
    {
        if (_isPreference)
        {
            // Evidence that the chance to win is above ½ − margin: the same of the losses' chance below ½ + margin.
            return WinLoss.LogBelow(_preference.Lost, _preference.Won, 0.5 + MetricTraits.MarginAt(_gate, factor));
        }

        var index = Array.IndexOf(_rule.Factors, factor);
        return index < 0 ? double.NaN : _promotions[index].Log;
    }

    private bool IsMargin(double factor)
    {
        var margin = MetricTraits.MarginAt(_gate, factor);
        return _gate.Metric switch
        {
            Metric.Cost => margin > 1 && double.IsFinite(margin),
            Metric.Preference => margin is > 0 and < 0.5,
            _ => margin is > 0 and < 1,
        };
    }

    private bool IsTolerance() => _gate.Metric switch
    {
        Metric.Cost => _gate.Tolerance > 0 && double.IsFinite(_gate.Tolerance),
        Metric.Preference => _gate.Tolerance is >= 0 and < 0.5,
        _ => _gate.Tolerance is >= 0 and < 1,
    };
}
