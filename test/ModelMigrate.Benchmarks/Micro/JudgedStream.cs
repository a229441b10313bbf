using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Observing.Blocks;
using ModelMigrate.Core.Observing.Building;

namespace ModelMigrate.Benchmarks.Micro;

/// <summary>A stream of requests of 100,000 keys, a quarter of them the target's, and the judge that looks at it: as the controller does it, in one thread.</summary>
internal sealed class JudgedStream(IReadOnlyList<GateSpec> gates, int errorsIn)
{
    private static readonly MigrationId s_id = new("MIG-bench");
    private static readonly FrozenQuantiles s_frozen = new(
        TimeSpan.FromMilliseconds(300), TimeSpan.FromMilliseconds(460), TimeSpan.FromMilliseconds(150), TimeSpan.FromMilliseconds(230));

    private readonly List<Block> _ended = [];
    private readonly List<Block> _open = [];
    private readonly Judge _judge = new(new JudgeSpec { Migration = s_id, Attempt = 1, Gates = gates, MarginFactors = [4, 2, 1] });
    private readonly BlockBuilder _builder = new(
        s_id, 1, "r", 1, Judge.SignalsFor(gates), s_frozen, meanCost: null, new BlockOptions { LostAfter = TimeSpan.FromDays(30) });

    private readonly Random _random = new(1);
    private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private long _ticket;

    /// <summary>A request begins so many seconds after the last; answers its ticket.</summary>
    public long Admit(double seconds)
    {
        _now += TimeSpan.FromSeconds(seconds);
        var key = (ulong)_random.NextInt64(100_000);
        var arm = key % 4 == 0 ? Arm.Target : Arm.Source;
        _builder.Accept(ObservationEvent.Of(new Admission(++_ticket, s_id, 1, 1, 250_000, arm, key, _now)));
        return _ticket;
    }

    public void End(long ticket)
    {
        var latency = TimeSpan.FromMilliseconds(200 + (200 * _random.NextDouble()));
        _builder.Accept(ObservationEvent.Of(new Observation
        {
            Ticket = ticket,
            Outcome = _random.Next(errorsIn) == 0 ? Outcome.Error : Outcome.Ok,
            Latency = latency,
            FirstToken = latency / 2,
            InputTokens = 100,
            OutputTokens = 50,
            Cost = 0.0012m,
        }));
    }

    /// <summary>Folds what has ended.</summary>
    public void Drain()
    {
        _ended.Clear();
        _builder.TakeEnded(_now, _ended);
        foreach (var block in _ended)
        {
            _judge.Fold(block);
        }
    }

    /// <summary>Folds what has ended, and judges it with what is open.</summary>
    public Evidence Look()
    {
        Drain();
        _builder.ReadOpen(_now, _open);
        return _judge.Evaluate(_open, 2, _now);
    }
}
