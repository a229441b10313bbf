using ModelMigrate.Core.Observing.Blocks;
using ModelMigrate.Core.Observing.Signals;

namespace ModelMigrate.Core.Observing.Building;

/// <summary>
/// A block whose requests are not all known to the end. Counts as they begin and end; its memory is used again for a later block.
/// </summary>
internal sealed class OpenBlock(CountedSignals counted)
{
    private readonly PagedList<Request> _requests = new();
    private readonly ArmCounter _source = new();
    private readonly ArmCounter _target = new();
    private readonly KeyTally _failures = new();
    private readonly KeyTally _followed = new();
    private readonly SlowCounter[] _slow = [.. counted.Quantiles.Select(static (q, i) => new SlowCounter(q, i))];
    private readonly SignalCounter[] _signals = SignalCounter.All(counted);
    private readonly KeyedCounter[] _keyed = KeyedCounter.All(counted);

    /// <summary>One for each request, or none when no gate asks for what is in them.</summary>
    private readonly PagedList<RequestDetail> _details = new();
    private readonly bool _keepsDetails = counted.Checks.Count > 0 || counted.Scores.Count > 0;
    private FrozenQuantiles? _quantiles;
    private double? _meanCost;
    private Block? _read;
    private long _readUntil;
    private int _newSourceKeys;
    private int _newTargetKeys;

    public BlockKey Key { get; private set; }

    public int WeightPpm { get; private set; }

    public long LastSlice => Key.LastSlice;

    public bool Forming { get; private set; }

    /// <summary>When a running request passes a quantile next, in UTC ticks, as the newest read saw it.</summary>
    public long ReadUntil => _readUntil;

    public int SourceAdmissions => _source.Admissions;

    public int TargetAdmissions => _target.Admissions;

    public int OpenRequests => _source.Open + _target.Open;

    /// <summary>Makes it a new block, whatever it was before.</summary>
    public void Begin(in BlockKey key, int weightPpm, FrozenQuantiles? quantiles, double? meanCost)
    {
        (Key, WeightPpm, _quantiles, _meanCost, Forming) = (key, weightPpm, quantiles, meanCost, true);
        (_newSourceKeys, _newTargetKeys, _read) = (0, 0, null);
        _requests.Clear();
        _details.Clear();
        _source.Clear();
        _target.Clear();
        _failures.Clear();
        _followed.Clear();
        foreach (var slow in _slow)
        {
            slow.Clear();
        }

        foreach (var signal in _signals)
        {
            signal.Clear();
        }

        foreach (var keyed in _keyed)
        {
            keyed.Clear();
        }
    }

    public Arm ArmOf(int index) => _requests[index].Arm;

    public DateTimeOffset AdmittedAt(int index) => new(_requests[index].AtTicks, TimeSpan.Zero);

    public int Admit(in Admission admission, long slice, bool isNewKey, bool isFollowed)
    {
        if (slice > Key.LastSlice || slice < Key.FirstSlice)
        {
            Key = Key with { FirstSlice = Math.Min(slice, Key.FirstSlice), LastSlice = Math.Max(slice, Key.LastSlice) };
        }

        var isSource = admission.Arm == Arm.Source;
        (isSource ? _source : _target).Admit();
        _newSourceKeys += isNewKey && isSource ? 1 : 0;
        _newTargetKeys += isNewKey && !isSource ? 1 : 0;
        _requests.Add(new Request(admission.Arm, admission.Key, admission.At.UtcTicks, isFollowed));
        foreach (var keyed in _keyed)
        {
            keyed.Admit(_requests[_requests.Count - 1]);
        }

        if (isFollowed)
        {
            _followed.Add(admission.Key, isSource ? 1 : 0, isSource ? 0 : 1);
        }

        if (_keepsDetails)
        {
            _details.Add(default);
        }

        _read = null;
        return _requests.Count - 1;
    }

    public void Close() => Forming = false;

    public void End(int index, in Observation observation)
    {
        ref var request = ref _requests[index];
        request.End(observation.Outcome);
        (request.Arm == Arm.Source ? _source : _target).End(observation);
        if (request.IsFailure && (request.Arm == Arm.Target || request.IsFollowed))
        {
            var onTarget = request.Arm == Arm.Target ? 1 : 0;
            _failures.Add(request.Key, 1 - onTarget, onTarget);
        }

        foreach (var signal in _signals)
        {
            signal.End(request, observation);
        }

        foreach (var keyed in _keyed)
        {
            keyed.End(request, observation);
        }

        if (_keepsDetails)
        {
            _details[index] = new RequestDetail(observation, _meanCost, _quantiles);
        }

        if (_quantiles is not null)
        {
            foreach (var slow in _slow)
            {
                slow.End(request, observation, _quantiles);
            }
        }

        _read = null;
    }

    /// <summary>The counts so far. Costs nothing while nothing happened: what was read stays until a running request passes a quantile.</summary>
    public Block Read(DateTimeOffset now)
    {
        if (_read is null || now.UtcTicks >= _readUntil)
        {
            _read = Count(now);
        }

        return _read;
    }

    /// <summary>The counts of a closed block with nothing open, with what only those have: pairs, scores and the keys of all admissions.</summary>
    public Block ReadEnded(DateTimeOffset now, KeyTally scratch, ScorePairs pairs)
    {
        var counts = Count(now);
        var signals = new SignalCounts[counts.Signals.Count];
        for (var i = 0; i < signals.Length; i++)
        {
            signals[i] = counts.Signals[i] with
            {
                Pairs = i < _signals.Length ? _signals[i].Pair(_requests, _details) : _keyed[i - _signals.Length].Pair(_requests),
            };
        }

        return counts with
        {
            Ended = true, Pairs = Pair(_requests), Signals = signals, Scores = pairs.Match(counted.Scores, _requests, _details),
            AdmissionKeys = scratch.Notable(_requests),
        };
    }

    private Block Count(DateTimeOffset now) => new()
    {
        Key = Key,
        WeightPpm = WeightPpm,
        Ended = false,
        Exceedances = Exceed(now),
        Source = _source.Counts,
        Target = _target.Counts,
        Quantiles = _quantiles,
        Signals = Signals(),
        MeanCost = counted.Scores.Contains(PairedScore.Cost) ? _meanCost : null,
        FailureKeys = _failures.Heaviest(),
        FollowedKeys = _followed.All(),
        NewSourceKeys = _newSourceKeys,
        NewTargetKeys = _newTargetKeys,
        SourceLatency = _source.Latency,
        TargetLatency = _target.Latency,
        SourceFirstToken = _source.FirstToken,
        TargetFirstToken = _target.FirstToken,
    };

    private SignalCounts[] Signals()
    {
        if (_signals.Length + _keyed.Length == 0)
        {
            return [];
        }

        var counts = new SignalCounts[_signals.Length + _keyed.Length];
        for (var i = 0; i < counts.Length; i++)
        {
            counts[i] = i < _signals.Length ? _signals[i].Read(_source.Open, _target.Open) : _keyed[i - _signals.Length].Read();
        }

        return counts;
    }

    private ExceedanceCounts[] Exceed(DateTimeOffset now)
    {
        _readUntil = long.MaxValue;
        if (_quantiles is null)
        {
            return [];
        }

        var counts = new ExceedanceCounts[_slow.Length];
        for (var i = 0; i < counts.Length; i++)
        {
            _readUntil = Math.Min(_readUntil, _slow[i].Advance(_requests, _quantiles, now));
            counts[i] = _slow[i].Read(_source.Open, _target.Open);
        }

        return counts;
    }

    /// <summary>Matches the i-th target request with the i-th source request, of those that the error gate counts.</summary>
    private static PairCounts Pair(PagedList<Request> requests)
    {
        long lost = 0, even = 0, won = 0;
        int source = 0, target = 0;
        while (Next(requests, Arm.Target, ref target) && Next(requests, Arm.Source, ref source))
        {
            var failed = requests[target++].IsFailure;
            var sourceFailed = requests[source++].IsFailure;
            lost += failed && !sourceFailed ? 1 : 0;
            won += !failed && sourceFailed ? 1 : 0;
            even += failed == sourceFailed ? 1 : 0;
        }

        return new PairCounts(lost, even, won);
    }

    private static bool Next(PagedList<Request> requests, Arm arm, ref int at)
    {
        while (at < requests.Count && (requests[at].Arm != arm || requests[at].Outcome is Outcome.ClientError or Outcome.Canceled))
        {
            at++;
        }

        return at < requests.Count;
    }
}
