using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Observing.Blocks;
using ModelMigrate.Core.Rollouts;
using ModelMigrate.Core.Rollouts.Replaying;

namespace ModelMigrate.Tests.Scenarios;

/// <summary>One migration on a driven clock: seeded traffic, divided by a sticky key as the migration's state says, through <see cref="RolloutReplay"/>.</summary>
internal sealed class SimulatedMigration
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly RolloutSpec _spec;
    private readonly TrafficModel _traffic;
    private readonly Random _random;
    private readonly RolloutReplay _replay;
    private long _ticket;
    private double _next;

    public SimulatedMigration(RolloutSpec spec, TrafficModel traffic, int seed, BlockOptions? options = null)
    {
        _spec = spec;
        _traffic = traffic;
        _random = new Random(seed);
        _replay = new RolloutReplay(spec, s_start, options) { Folded = block => Keep(block) };
        _next = Gap();
    }

    public RolloutState State => _replay.State;

    public Evidence? Last => _replay.Last;

    public IReadOnlyList<Decision> Decisions => _replay.Decisions;

    public List<Block> Blocks { get; } = [];

    public bool KeepBlocks { get; init; }

    /// <summary>Requests that met the target while it was not proven.</summary>
    public long Exposed => _replay.Exposed;

    public double Seconds { get; private set; }

    public bool IsOver => _replay.IsOver;

    public Judge Judge => _replay.Judge;

    public void Run(double untilSeconds, Func<SimulatedMigration, bool>? stop = null)
    {
        while (Seconds < untilSeconds && !IsOver && stop?.Invoke(this) != true)
        {
            RunSecond();
        }
    }

    /// <summary>Kills the controller: the judge comes back from its checkpoint; open slices are lost for both arms.</summary>
    public void Restart(bool loseOpenSlices, Func<JudgeState, JudgeState> roundTrip) => _replay.Restart(loseOpenSlices, roundTrip);

    public void RunSecond()
    {
        for (; _next < Seconds + 1; _next += Gap())
        {
            _replay.RunTo(At(_next));
            if (IsOver)
            {
                break;
            }

            AddRequest(_next);
        }

        Seconds += 1;
        _replay.RunTo(At(Seconds));
    }

    private static DateTimeOffset At(double seconds) => s_start.AddTicks((long)(seconds * TimeSpan.TicksPerSecond));

    private void Keep(Block block)
    {
        if (KeepBlocks)
        {
            Blocks.Add(block);
        }
    }

    private void AddRequest(double at)
    {
        var key = _random.NextDouble() < _traffic.SickShare ? _traffic.SickKey : _random.Next(_traffic.Keys);
        var source = Bucket(key) >= State.WeightPpm;
        var failed = _random.NextDouble() < (source ? _traffic.SourceErrors : _traffic.TargetErrors)(at) || (!source && key == _traffic.SickKey);
        var answer = (source ? _traffic.SourceMedian : _traffic.TargetMedian)(at) * Math.Exp(_traffic.Sigma * Normal());
        var latency = failed ? (source ? _traffic.SourceErrorSeconds : _traffic.TargetErrorSeconds) ?? answer : answer;
        var ended = new Observation
        {
            Ticket = ++_ticket, Outcome = failed ? Outcome.Error : Outcome.Ok, Latency = TimeSpan.FromSeconds(latency),
            FirstToken = failed ? null : TimeSpan.FromSeconds(latency / 2),
        };
        _replay.Add(
            new Admission(
                _ticket, _spec.Id, State.Attempt, _replay.Revision, State.WeightPpm, source ? Arm.Source : Arm.Target, (ulong)key, At(at)),
            _traffic.Extra?.Invoke(_random, source, ended) ?? ended);
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
