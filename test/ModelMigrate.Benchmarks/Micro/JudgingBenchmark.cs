using BenchmarkDotNet.Attributes;
using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Observing.Blocks;
using ModelMigrate.Core.Observing.Building;

namespace ModelMigrate.Benchmarks.Micro;

/// <summary>
/// What judging costs on a stream that goes on: a request counted and folded, a tick in which one request began and one ended, and a
/// tick in which nothing happened. With eight gates, as many as a migration with every default has, and with the three of chat.
/// </summary>
[MemoryDiagnoser]
public class JudgingBenchmark
{
    private const int Requests = 1000;
    private static readonly DateTimeOffset s_start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly MigrationId s_id = new("MIG-bench");

    private readonly List<Block> _ended = [];
    private readonly List<Block> _open = [];
    private BlockBuilder _builder = null!;
    private Judge _judge = null!;
    private Random _random = null!;
    private DateTimeOffset _now;
    private long _ticket;

    [Params(3, 8)]
    public int Gates { get; set; }

    [GlobalSetup]
    public void Begin()
    {
        var spec = new JudgeSpec { Migration = s_id, Attempt = 1, Gates = [.. JudgedGates.All.Take(Gates)], MarginFactors = [4, 2, 1] };
        var frozen = new FrozenQuantiles(
            TimeSpan.FromMilliseconds(300), TimeSpan.FromMilliseconds(460), TimeSpan.FromMilliseconds(150), TimeSpan.FromMilliseconds(230));
        _judge = new Judge(spec);
        _builder = new BlockBuilder(s_id, 1, "r", 1, Judge.SignalsFor(spec.Gates), frozen);
        _random = new Random(1);
        _now = s_start;
        for (var i = 0; i < 5000; i++)
        {
            OneRequest(0.01);
            Tick();
        }
    }

    /// <summary>A request begins and ends and is folded; a hundred of them a second, and a drain every 25.</summary>
    [Benchmark(OperationsPerInvoke = Requests)]
    public void Observation()
    {
        for (var i = 0; i < Requests; i++)
        {
            OneRequest(0.01);
            if (i % 25 == 0)
            {
                Drain();
            }
        }
    }

    /// <summary>One request a second begins and ends, and is looked at.</summary>
    [Benchmark(OperationsPerInvoke = Requests)]
    public Evidence? ChangedTick()
    {
        Evidence? evidence = null;
        for (var i = 0; i < Requests; i++)
        {
            OneRequest(1);
            evidence = Tick();
        }

        return evidence;
    }

    /// <summary>Another look when nothing happened.</summary>
    [Benchmark]
    public Evidence UnchangedTick() => Tick();

    private Evidence Tick()
    {
        Drain();
        _builder.ReadOpen(_now, _open);
        return _judge.Evaluate(_open, 2, _now);
    }

    private void Drain()
    {
        _ended.Clear();
        _builder.TakeEnded(_now, _ended);
        foreach (var block in _ended)
        {
            _judge.Fold(block);
        }
    }

    private void OneRequest(double seconds)
    {
        _now += TimeSpan.FromSeconds(seconds);
        var key = (ulong)_random.NextInt64(100_000);
        var arm = key % 4 == 0 ? Arm.Target : Arm.Source;
        var latency = TimeSpan.FromMilliseconds(200 + (200 * _random.NextDouble()));
        _builder.Accept(ObservationEvent.Of(new Admission(++_ticket, s_id, 1, 1, 250_000, arm, key, _now)));
        _builder.Accept(ObservationEvent.Of(new Observation
        {
            Ticket = _ticket,
            Outcome = _random.Next(100) == 0 ? Outcome.Error : Outcome.Ok,
            Latency = latency,
            FirstToken = latency / 2,
            InputTokens = 100,
            OutputTokens = 50,
            Cost = 0.0012m,
        }));
    }
}
