using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Observing.Blocks;
using ModelMigrate.Core.Observing.Building;
using ModelMigrate.Core.Observing.Signals;

namespace ModelMigrate.Tests.Core.Observing;

/// <summary>Events counted by keys: who had one, not how often.</summary>
public sealed class KeyedSignalTests
{
    private static readonly MigrationId s_id = new("MIG-1");
    private static readonly DateTimeOffset s_start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly CountedSignals s_counted = new()
    {
        Checks = ["json"], Keyed = [Signal.Failed, Signal.Throttled, Signal.OfCheck("json"), Signal.OfCheck("unknown")],
    };

    [Fact]
    public void TakeEnded_KeysRepeatThemselves_CountOnce()
    {
        var block = Ended(
            (Arm.Source, 1, Ok), (Arm.Source, 1, Ok with { Outcome = Outcome.Error }), (Arm.Source, 1, Ok with { Outcome = Outcome.Throttled }),
            (Arm.Source, 2, Ok with { Checked = 1, FailedChecks = 1 }), (Arm.Source, 2, Ok with { Checked = 1 }),
            (Arm.Source, 3, Ok with { Outcome = Outcome.ClientError }),
            (Arm.Target, 4, Ok with { Outcome = Outcome.Error }), (Arm.Target, 4, Ok with { Outcome = Outcome.Error }),
            (Arm.Target, 5, Ok with { Checked = 1 }), (Arm.Target, 5, Ok with { Outcome = Outcome.Canceled }), (Arm.Target, 6, Ok));
        Assert.Equal(
            [("keys:failed", 2, 1, 3, 1), ("keys:throttled", 2, 1, 3, 0), ("keys:check:json", 1, 1, 1, 0)],
            Keyed(block).Select(s => (s.Name, s.SourceExposures, s.SourceEvents, s.TargetExposures, s.TargetEvents)));
        // Keys in the order in which they came: 4 and 1 both failed, 5 and 2 neither; 6 has nobody.
        Assert.Equal([new PairCounts(0, 2, 0), new PairCounts(0, 1, 1), new PairCounts(0, 0, 1)], Keyed(block).Select(s => s.Pairs));
        Assert.Equal([new KeyCount(4, 0, 1)], Keyed(block)[0].Keys);
    }

    [Fact]
    public void ReadOpen_RunningRequests_AreExposureButToChecks()
    {
        var builder = New();
        Admit(builder, 1, Arm.Source, 1);
        Admit(builder, 2, Arm.Target, 2);
        Admit(builder, 3, Arm.Target, 2);
        var open = new List<Block>();
        builder.ReadOpen(s_start, open);
        Assert.Equal([(1, 1), (1, 1), (0, 0)], Keyed(open[0]).Select(s => (s.SourceExposures, s.TargetExposures)));

        // The key's only request turns out to be a client's mistake: it was never there.
        builder.Accept(ObservationEvent.Of(Ok with { Ticket = 1, Outcome = Outcome.ClientError }));
        builder.Accept(ObservationEvent.Of(Ok with { Ticket = 2, Outcome = Outcome.ClientError }));
        builder.ReadOpen(s_start, open);
        Assert.Equal((0, 1), (Keyed(open[0])[0].SourceExposures, Keyed(open[0])[0].TargetExposures));
    }

    [Fact]
    public void TakeEnded_AnyOrderOfTheEnds_CountsTheSame()
    {
        var random = new Random(4);
        var requests = Enumerable.Range(0, 60).Select(_ => (
            random.Next(2) == 0 ? Arm.Source : Arm.Target, (ulong)random.Next(8),
            Ok with { Outcome = (Outcome)random.Next(7), Checked = (ulong)random.Next(2), FailedChecks = (ulong)random.Next(2) })).ToArray();
        var (one, other) = (Ended(requests), Ended(requests, [.. Enumerable.Range(0, 60).OrderBy(_ => random.Next())]));
        Assert.Equal(
            one.Signals.Select(s => (s.Name, s.SourceExposures, s.SourceEvents, s.TargetExposures, s.TargetEvents, s.Pairs)),
            other.Signals.Select(s => (s.Name, s.SourceExposures, s.SourceEvents, s.TargetExposures, s.TargetEvents, s.Pairs)));
        Assert.Equal(one.Signals.SelectMany(s => s.Keys), other.Signals.SelectMany(s => s.Keys));
    }

    private static SignalCounts[] Keyed(Block block) => [.. block.Signals.Where(signal => signal.Name.StartsWith("keys:", StringComparison.Ordinal))];

    private static Observation Ok => new() { Ticket = 0, Outcome = Outcome.Ok, Latency = TimeSpan.FromMilliseconds(10) };

    private static BlockBuilder New() => new(s_id, 1, "r", 1, s_counted);

    private static void Admit(BlockBuilder builder, long ticket, Arm arm, ulong key) =>
        builder.Accept(ObservationEvent.Of(new Admission(ticket, s_id, 1, 1, 500_000, arm, key, s_start)));

    private static Block Ended(params (Arm Arm, ulong Key, Observation Ended)[] requests) => Ended(requests, [.. Enumerable.Range(0, requests.Length)]);

    private static Block Ended((Arm Arm, ulong Key, Observation Ended)[] requests, int[] order)
    {
        var builder = New();
        for (var i = 0; i < requests.Length; i++)
        {
            Admit(builder, i + 1, requests[i].Arm, requests[i].Key);
        }

        foreach (var i in order)
        {
            builder.Accept(ObservationEvent.Of(requests[i].Ended with { Ticket = i + 1 }));
        }

        var ended = new List<Block>();
        builder.TakeEnded(s_start.AddSeconds(70), ended);
        return Assert.Single(ended);
    }
}
