using BenchmarkDotNet.Attributes;
using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Judging.Gates;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Observing.Blocks;
using ModelMigrate.Core.Observing.Building;

namespace ModelMigrate.Benchmarks.Micro;

/// <summary>
/// What evidence costs: one second of traffic taken in and judged four times, and one judgement alone. Open blocks hold one request
/// each that does not end; they are what a slow answer leaves behind.
/// </summary>
[MemoryDiagnoser]
public class EvidenceBenchmark
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly MigrationId s_id = new("MIG-bench");

    private readonly List<Block> _ended = [];
    private readonly List<Block> _open = [];
    private readonly Queue<long> _held = new();
    private BlockBuilder _builder = null!;
    private Judge _judge = null!;
    private Random _random = null!;
    private DateTimeOffset _now;
    private long _ticket;

    [Params(1000, 9000)]
    public int Rate { get; set; }

    [Params(0, 300)]
    public int OpenBlocks { get; set; }

    [GlobalSetup]
    public void Begin()
    {
        var spec = new JudgeSpec { Migration = s_id, Attempt = 1, Gates = GateDefaults.Chat, MarginFactors = [4, 2, 1] };
        var frozen = new FrozenQuantiles(
            TimeSpan.FromMilliseconds(300), TimeSpan.FromMilliseconds(460), TimeSpan.FromMilliseconds(150), TimeSpan.FromMilliseconds(230));
        _judge = new Judge(spec);
        _builder = new BlockBuilder(s_id, 1, "r", 1, Judge.SignalsFor(spec.Gates), frozen, meanCost: null, new BlockOptions { LostAfter = TimeSpan.FromDays(30) });
        _random = new Random(1);
        _now = s_start;
        for (var i = 0; i < 5; i++)
        {
            OneSecond();
        }

        // What is left open holds back every block after it, so that there are always as many; the oldest one is let go each second.
        for (var i = 0; i < OpenBlocks; i++)
        {
            Admit(keepOpen: true);
            OneSecond();
        }
    }

    [Benchmark]
    public Evidence OneSecond()
    {
        Evidence? evidence = null;
        for (var quarter = 0; quarter < 4; quarter++)
        {
            for (var i = 0; i < Rate / 4; i++)
            {
                Admit(keepOpen: false);
            }

            if (quarter == 3 && _held.Count >= OpenBlocks && _held.TryDequeue(out var oldest))
            {
                End(oldest);
                Admit(keepOpen: true);
            }

            evidence = Look();
        }

        return evidence!;
    }

    [Benchmark]
    public Evidence Look()
    {
        _ended.Clear();
        _builder.TakeEnded(_now, _ended);
        foreach (var block in _ended)
        {
            _judge.Fold(block);
        }

        _builder.ReadOpen(_now, _open);
        return _judge.Evaluate(_open, 2, _now);
    }

    private void Admit(bool keepOpen)
    {
        _now += TimeSpan.FromSeconds(1.0 / Rate);
        var key = (ulong)_random.NextInt64(100_000);
        var arm = key % 4 == 0 ? Arm.Target : Arm.Source;
        _builder.Accept(ObservationEvent.Of(new Admission(++_ticket, s_id, 1, 1, 250_000, arm, key, _now)));
        if (keepOpen)
        {
            _held.Enqueue(_ticket);
        }
        else
        {
            End(_ticket);
        }
    }

    private void End(long ticket)
    {
        var latency = TimeSpan.FromMilliseconds(200 + (200 * _random.NextDouble()));
        _builder.Accept(ObservationEvent.Of(new Observation
        {
            Ticket = ticket,
            Outcome = _random.Next(200) == 0 ? Outcome.Error : Outcome.Ok,
            Latency = latency,
            FirstToken = latency / 2,
            InputTokens = 100,
            OutputTokens = 50,
            Cost = 0.0012m,
        }));
    }
}
