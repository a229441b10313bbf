using System.Runtime.InteropServices;
using ModelMigrate.Core.Judging.Display;
using ModelMigrate.Core.Judging.Gates;
using ModelMigrate.Core.Judging.Health;
using ModelMigrate.Core.Judging.Processes;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Observing.Blocks;
using ModelMigrate.Core.Observing.Signals;

namespace ModelMigrate.Core.Judging;

/// <summary>
/// Holds the evidence of one migration's gates in one epoch. α is spent once over all gates and through all steps, pauses and
/// restarts; promotion needs every required gate, each at its full α (intersection-union). Not thread-safe: one owner.
/// </summary>
public sealed class Judge
{
    private const double SampleAlpha = 0.001;
    private const double HeavyShare = 0.1;
    private const long LeastForShare = 20;

    private readonly IGateJudge[] _gates;
    private readonly HeavyKeys _routeKeys;
    private readonly HeavyKeys _targetKeys;
    private readonly HardStops _hardStops;
    private readonly List<ReplicaMark> _replicas;
    private readonly List<Block> _open = [];

    /// <summary>The newest look: nothing is worked out again until something changes.</summary>
    private readonly List<(Block Block, bool IsSound)> _offered = [];
    private Evidence? _last;
    private SampleRatioEvidence? _ratio;
    private (string? Text, bool IsKnown) _fewKeys;
    private ArmTally _source;
    private ArmTally _target;
    private SampleState _sample;
    private FrozenQuantiles? _quantiles;
    private double? _meanCost;
    private long _blocks;
    private double _gapSeconds;
    private string? _fault;

    /// <summary>Goes on from <paramref name="state"/>. Throws when it is of another attempt or epoch: evidence does not cross a reset.</summary>
    public Judge(JudgeSpec spec, JudgeState? state = null)
    {
        state ??= new JudgeState { Attempt = spec.Attempt, Epoch = spec.Epoch };
        if (state.Attempt != spec.Attempt || state.Epoch != spec.Epoch)
        {
            throw new ArgumentException($"The checkpoint is of attempt {state.Attempt}, epoch {state.Epoch}.", nameof(state));
        }

        Spec = spec;
        _gates = [.. spec.Gates.Select(g => NewGate(spec, g, state.Gates.FirstOrDefault(s => s.Name == g.Name) ?? new GateState { Name = g.Name }))];
        _routeKeys = new HeavyKeys(state.RouteKeys);
        _targetKeys = new HeavyKeys(state.TargetKeys);
        _hardStops = new HardStops(spec.HardStops, state.Recent);
        _replicas = [.. state.Replicas];
        _source = state.Source;
        _target = state.Target;
        _sample = state.Sample;
        _quantiles = state.Quantiles;
        _meanCost = state.MeanCost;
        _blocks = state.Blocks;
        _gapSeconds = state.GapSeconds;
        _fault = state.Fault;
    }

    public JudgeSpec Spec { get; }

    /// <summary>What the block builder must count beyond failures, because one of these gates or hard stops asks for it.</summary>
    public static CountedSignals SignalsFor(IReadOnlyList<GateSpec> gates, IReadOnlyList<HardStopSpec>? hardStops = null) => new()
    {
        Quantiles = [.. gates.Select(g => GateSignals.QuantileOf(g.Metric)).OfType<LatencyQuantile>().Distinct()],
        Throttling = gates.Any(g => g.Metric == Metric.ThrottlingRate && g.Unit == GateUnit.Request),
        Keyed = [.. gates.Select(GateSignals.KeyedEventOf).OfType<string>().Distinct(StringComparer.Ordinal)],
        Checks = [.. gates.Select(g => g.Metric == Metric.CheckFailureRate ? g.Check : null).Concat((hardStops ?? []).Select(s => s.Check)).OfType<string>().Distinct(StringComparer.Ordinal).Take(CountedSignals.MaxChecks)],
        Scores =
        [
            .. gates.Select(g => GateSignals.ScoreOf(g.Metric))
                .Append(hardStops?.Any(s => s.Metric == HardStopMetric.Quality) == true ? PairedScore.Quality : null).OfType<PairedScore>().Distinct(),
        ],
    };

    /// <summary>Folds an ended block in. Offer them in sequence order; each counts once, and one older than a folded one never does.</summary>
    public FoldResult Fold(Block block)
    {
        if (!IsOurs(block))
        {
            return FoldResult.Foreign;
        }

        if (IsFolded(block))
        {
            return FoldResult.Duplicate;
        }

        if (!block.Ended)
        {
            return FoldResult.Open;
        }

        if (BlockCheck.Find(block) is { } fault)
        {
            _last = null;
            _fault ??= $"block {block.Key.Replica}/{block.Key.Incarnation}/{block.Key.Sequence}: {fault}";
            return FoldResult.Inconsistent;
        }

        Mark(block.Key);
        (_last, _ratio, _fewKeys) = (null, null, default);
        _blocks++;
        _quantiles = block.Quantiles ?? _quantiles;
        _meanCost = block.MeanCost ?? _meanCost;
        _source = _source.Add(block.Source, block.SourceLatency, block.SourceFirstToken);
        _target = _target.Add(block.Target, block.TargetLatency, block.TargetFirstToken);
        foreach (var gate in _gates)
        {
            if (GateGuard.Fold(gate, block) is { } broke)
            {
                // It may have taken half of the block in: nothing that it says counts from here on.
                _fault ??= broke;
            }
        }

        for (var i = 0; i < block.AdmissionKeys.Count; i++)
        {
            var key = block.AdmissionKeys[i];
            _routeKeys.Add(key.Key, key.Source + key.Target);
            _targetKeys.Add(key.Key, key.Target);
        }

        CountSample(block);
        _hardStops.Fold(block);
        return FoldResult.Folded;
    }

    /// <summary>A copy of the state, for the checkpoint: a judge made from it goes on bit for bit.</summary>
    public JudgeState Snapshot() => new()
    {
        Attempt = Spec.Attempt,
        Epoch = Spec.Epoch,
        Blocks = _blocks,
        Replicas = [.. _replicas],
        Gates = [.. _gates.Select(g => g.Snapshot())],
        Source = _source,
        Target = _target,
        RouteKeys = _routeKeys.Snapshot(),
        TargetKeys = _targetKeys.Snapshot(),
        Sample = _sample,
        GapSeconds = _gapSeconds,
        Quantiles = _quantiles,
        MeanCost = _meanCost,
        Recent = _hardStops.Snapshot(),
        Fault = _fault,
    };

    /// <summary>
    /// The verdicts now, at a step's margin factor and at the final one. Harm also looks at <paramref name="open"/>, on a copy;
    /// promotion only at what was folded. Changes nothing.
    /// </summary>
    public Evidence Evaluate(IReadOnlyList<Block> open, double marginFactor, DateTimeOffset now)
    {
        if (_last is not null && Spec.HardStops.Count == 0 && _last.MarginFactor.Equals(marginFactor) && WasOffered(open))
        {
            return _last with { At = now };
        }

        _open.Clear();
        CollectionsMarshal.SetCount(_offered, open.Count);
        var fault = _fault;
        for (var i = 0; i < open.Count; i++)
        {
            var block = open[i];
            var isSound = ReferenceEquals(_offered[i].Block, block) && _offered[i].IsSound;
            if (IsOurs(block) && !IsFolded(block))
            {
                if (!isSound && BlockCheck.Find(block) is { } wrong)
                {
                    fault ??= $"open block {block.Key.Sequence}: {wrong}";
                }
                else
                {
                    isSound = true;
                    _open.Add(block);
                }
            }

            _offered[i] = (block, isSound);
        }

        var gates = new GateEvidence[_gates.Length];
        for (var i = 0; i < gates.Length; i++)
        {
            gates[i] = GateGuard.Evaluate(_gates[i], _open, marginFactor, ref fault);
        }

        Block[] looked = [.. _open];
        _last = new Evidence
        {
            Migration = Spec.Migration,
            Attempt = Spec.Attempt,
            Epoch = Spec.Epoch,
            At = now,
            Blocks = _blocks,
            OpenBlocks = looked.Length,
            MarginFactor = marginFactor,
            Gates = gates,
            Source = _source.ToEvidence(looked, Arm.Source),
            Target = _target.ToEvidence(looked, Arm.Target),
            FewKeys = FewKeys(),
            SampleRatio = _ratio ??= new SampleRatioEvidence(
                _sample.WeightPpm, _sample.SourceKeys, _sample.TargetKeys, SampleLog10(_sample), -Math.Log10(SampleAlpha)) { Found = _sample.Found },
            HardStops = fault is null ? _hardStops.Evaluate(_open, now) : [],
            EvidenceGapSeconds = _gapSeconds,
            Fault = fault,
        };
        return _last;
    }

    /// <summary>
    /// The earliest time after <paramref name="now"/> at which <see cref="Evaluate"/> of the same blocks may find otherwise; null for never. Only
    /// the hard stops look at the clock: their windows are whole seconds.
    /// </summary>
    public DateTimeOffset? NextChange(DateTimeOffset now) =>
        Spec.HardStops.Count == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds() + 1);

    private static IGateJudge NewGate(JudgeSpec spec, GateSpec gate, GateState state) => GateSignals.ScoreOf(gate.Metric) is { } score
        ? new PairGateJudge(spec, gate, score, state)
        : new EventGateJudge(spec, gate, state);

    private bool WasOffered(IReadOnlyList<Block> open)
    {
        if (open.Count != _offered.Count)
        {
            return false;
        }

        for (var i = 0; i < _offered.Count; i++)
        {
            if (!ReferenceEquals(open[i], _offered[i].Block))
            {
                return false;
            }
        }

        return true;
    }

    private bool IsOurs(Block block) => block.Key.Migration == Spec.Migration && block.Key.Attempt == Spec.Attempt;

    private bool IsFolded(Block block)
    {
        foreach (var mark in _replicas)
        {
            if (mark.Replica == block.Key.Replica)
            {
                return block.Key.Incarnation < mark.Incarnation
                    || (block.Key.Incarnation == mark.Incarnation && block.Key.Sequence <= mark.Sequence);
            }
        }

        return false;
    }

    private void Mark(in BlockKey key)
    {
        for (var i = 0; i < _replicas.Count; i++)
        {
            if (_replicas[i].Replica == key.Replica)
            {
                if (_replicas[i].Incarnation != key.Incarnation)
                {
                    // What the former incarnation had not handed on is lost for both arms.
                    _gapSeconds += Math.Max(0, key.FirstSlice - _replicas[i].LastSlice - 1);
                }

                _replicas[i] = new ReplicaMark(key.Replica, key.Incarnation, key.Sequence, Math.Max(key.LastSlice, _replicas[i].LastSlice));
                return;
            }
        }

        _replicas.Add(new ReplicaMark(key.Replica, key.Incarnation, key.Sequence, key.LastSlice));
    }

    private void CountSample(Block block)
    {
        // Revisions begin again with every incarnation, and nobody knows which keys the former one had met.
        var restarted = block.Key.Incarnation != _sample.Incarnation;
        if (block.WeightPpm != _sample.WeightPpm || restarted)
        {
            if (!restarted && block.Key.Revision < _sample.Revision)
            {
                return;
            }

            var found = _sample.Found && block.WeightPpm == _sample.WeightPpm;
            _sample = new SampleState(block.WeightPpm, block.Key.Revision, block.Key.Incarnation, 0, 0) { Found = found };
        }

        _sample = _sample with
        {
            Revision = Math.Max(_sample.Revision, block.Key.Revision),
            SourceKeys = _sample.SourceKeys + block.NewSourceKeys,
            TargetKeys = _sample.TargetKeys + block.NewTargetKeys,
        };
        _sample = _sample with { Found = _sample.Found || SampleLog10(_sample) >= -Math.Log10(SampleAlpha) };
    }

    private static double SampleLog10(SampleState sample) =>
        DirichletMultinomial.LogEvidence(sample.SourceKeys, sample.TargetKeys, sample.WeightPpm / 1e6) * LogMath.ToLog10;

    private string? FewKeys()
    {
        if (!_fewKeys.IsKnown)
        {
            _fewKeys = (FindFewKeys(), true);
        }

        return _fewKeys.Text;
    }

    private string? FindFewKeys()
    {
        var route = _source.Counts.Admissions + _target.Counts.Admissions;
        var (most, of, where) = _routeKeys.Most > HeavyShare * route && route >= LeastForShare
            ? (_routeKeys.Most, route, "the route's")
            : _targetKeys.Most > HeavyShare * _target.Counts.Admissions && _target.Counts.Admissions >= LeastForShare
                ? (_targetKeys.Most, _target.Counts.Admissions, "the target's")
                : (0, 0, "");
        return of == 0 ? null
            : $"few keys: one sticky key has {most} of {where} {of} requests. Send a finer key (the route's sticky header, or the user field), or wait for more users.";
    }
}
