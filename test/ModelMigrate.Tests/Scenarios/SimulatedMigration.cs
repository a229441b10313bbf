using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Observing.Blocks;
using ModelMigrate.Core.Observing.Building;
using ModelMigrate.Core.Rollouts;

namespace ModelMigrate.Tests.Scenarios;

/// <summary>
/// One migration on a driven clock: seeded traffic → observation events → blocks → judge → decider, in ticks of one second. The
/// controller's part (publish, confirm) takes no time.
/// </summary>
internal sealed class SimulatedMigration
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly RolloutSpec _spec;
    private readonly TrafficModel _traffic;
    private readonly Random _random;
    private readonly PriorityQueue<Observation, double> _running = new();
    private readonly List<Block> _ended = [];
    private readonly List<Block> _open = [];
    private readonly BlockOptions _options;
    private BlockBuilder _builder;
    private Judge _judge;
    private RolloutState _state;
    private long _ticket;
    private long _revision = 1;
    private long _incarnation = 1;

    public SimulatedMigration(RolloutSpec spec, TrafficModel traffic, int seed, BlockOptions? options = null)
    {
        _spec = spec;
        _traffic = traffic;
        _random = new Random(seed);
        _options = options ?? new BlockOptions();
        _state = RolloutVerbs.Apply(spec, new RolloutState { Id = spec.Id }, RolloutVerb.Start, "test", "", s_start).Decision!.Next;
        _judge = new Judge(RolloutJudging.SpecFor(spec, _state));
        _builder = NewBuilder(null);
    }

    public RolloutState State => _state;

    public Evidence? Last { get; private set; }

    public List<Decision> Decisions { get; } = [];

    public List<Block> Blocks { get; } = [];

    public bool KeepBlocks { get; init; }

    /// <summary>Requests that met the target while it was not proven.</summary>
    public long Exposed { get; private set; }

    public double Seconds { get; private set; }

    public bool IsOver => _state.Phase is RolloutPhase.Completed or RolloutPhase.RolledBack or RolloutPhase.Failed;

    public void Run(double untilSeconds, Func<SimulatedMigration, bool>? stop = null)
    {
        while (Seconds < untilSeconds && !IsOver && stop?.Invoke(this) != true)
        {
            Tick();
        }
    }

    public void Tick()
    {
        Admit(Seconds, Seconds + 1);
        Seconds += 1;
        while (_running.TryPeek(out var observation, out var at) && at <= Seconds)
        {
            _running.Dequeue();
            _builder.Accept(ObservationEvent.Of(observation));
        }

        var now = At(Seconds);
        _ended.Clear();
        _builder.TakeEnded(now, _ended);
        foreach (var block in _ended)
        {
            _judge.Fold(block);
            if (KeepBlocks)
            {
                Blocks.Add(block);
            }
        }

        _builder.ReadOpen(now, _open);
        Last = _judge.Evaluate(_open, RolloutJudging.MarginFactor(_spec, _state), now);
        if (RolloutDecider.Decide(_spec, _state, Last, now) is { } decision)
        {
            Carry(decision, now);
        }
    }

    /// <summary>Kills the controller: the judge comes back from its checkpoint; open slices are lost for both arms.</summary>
    public void Restart(bool loseOpenSlices, Func<JudgeState, JudgeState> roundTrip)
    {
        _judge = new Judge(_judge.Spec, roundTrip(_judge.Snapshot()));
        if (loseOpenSlices)
        {
            _incarnation++;
            _running.Clear();
            _builder = NewBuilder(_judge.Snapshot().Quantiles);
        }
    }

    public Judge Judge => _judge;

    private static DateTimeOffset At(double seconds) => s_start.AddTicks((long)(seconds * TimeSpan.TicksPerSecond));

    private BlockBuilder NewBuilder(FrozenQuantiles? frozen) => new(
        _spec.Id, _state.Attempt, "r1", _incarnation, Judge.SignalsFor(_spec.Gates), frozen, options: _options);

    private void Carry(Decision decision, DateTimeOffset now)
    {
        while (true)
        {
            Decisions.Add(decision);
            _revision += decision.Next.WeightPpm == _state.WeightPpm ? 0 : 1;
            _state = decision.Next;
            if (_state.Phase == RolloutPhase.Promoting)
            {
                decision = RolloutTransitions.Promoted(_spec, _state, now);
            }
            else if (_state.Phase == RolloutPhase.RollingBack)
            {
                decision = RolloutTransitions.RolledBack(_spec, _state, now);
            }
            else
            {
                return;
            }
        }
    }

    private void Admit(double from, double to)
    {
        for (var at = from + Gap(); at < to; at += Gap())
        {
            var key = _random.NextDouble() < _traffic.SickShare ? _traffic.SickKey : _random.Next(_traffic.Keys);
            var arm = Bucket(key) < _state.WeightPpm ? Arm.Target : Arm.Source;
            var source = arm == Arm.Source;
            if (!source && !_state.TargetProven)
            {
                Exposed++;
            }

            _builder.Accept(ObservationEvent.Of(new Admission(
                ++_ticket, _spec.Id, _state.Attempt, _revision, _state.WeightPpm, arm, (ulong)key, At(at))));
            var failed = _random.NextDouble() < (source ? _traffic.SourceErrors : _traffic.TargetErrors)(at) || (!source && key == _traffic.SickKey);
            var answer = (source ? _traffic.SourceMedian : _traffic.TargetMedian)(at) * Math.Exp(_traffic.Sigma * Normal());
            var latency = failed ? (source ? _traffic.SourceErrorSeconds : _traffic.TargetErrorSeconds) ?? answer : answer;
            _running.Enqueue(
                new Observation
                {
                    Ticket = _ticket, Outcome = failed ? Outcome.Error : Outcome.Ok, Latency = TimeSpan.FromSeconds(latency),
                    FirstToken = failed ? null : TimeSpan.FromSeconds(latency / 2),
                },
                at + latency);
        }
    }

    private double Gap() => -Math.Log(1 - _random.NextDouble()) / _traffic.Rate;

    /// <summary>A key's place in parts per million; the seed makes it another one in each simulated migration.</summary>
    private uint Bucket(int key)
    {
        var hash = (((ulong)key * 0x9E3779B97F4A7C15) ^ ((ulong)_spec.Seed * 0xD1B54A32D192ED03)) + 0x632BE59BD9B4E019;
        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9;
        hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EB;
        return (uint)((hash ^ (hash >> 31)) % 1_000_000);
    }

    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}
