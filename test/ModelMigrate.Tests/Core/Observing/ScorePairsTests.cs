using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Observing.Blocks;
using ModelMigrate.Core.Observing.Building;
using ModelMigrate.Core.Observing.Signals;

namespace ModelMigrate.Tests.Core.Observing;

public sealed class ScorePairsTests
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly MigrationId s_id = new("MIG-pairs");

    [Fact]
    public void TakeEnded_MoreSourceRequests_EachTargetIsMatchedWithTheMeanOfItsShare()
    {
        // Two target requests, seven of the source: groups of three in admission order, the seventh is left over.
        var block = Block(
            (Arm.Source, 1, 0.25), (Arm.Source, 2, 0.5), (Arm.Target, 10, 1), (Arm.Source, 3, 0.75), (Arm.Source, 4, 0),
            (Arm.Source, 5, 0), (Arm.Target, 11, 0.5), (Arm.Source, 6, 0.75), (Arm.Source, 7, 1));
        var counts = Assert.Single(block.Scores);
        Assert.Equal(2, counts.Table.Count);
        Assert.Equal((0.5 + 0.25) / 2, counts.Table.SourceMean!.Value, 1e-12);
        Assert.Equal(0.75, counts.Table.TargetMean!.Value, 1e-12);
        Assert.Equal(new PairCounts(Lost: 0, Even: 0, Won: 2), counts.Preference);
    }

    [Fact]
    public void TakeEnded_MoreTargetRequests_AreMatchedOneByOne()
    {
        var block = Block((Arm.Target, 1, 0.5), (Arm.Target, 2, 0.25), (Arm.Source, 3, 0.75), (Arm.Target, 4, 1));
        var counts = Assert.Single(block.Scores);
        Assert.Equal(1, counts.Table.Count);
        Assert.Equal((0.75, 0.5), (counts.Table.SourceMean!.Value, counts.Table.TargetMean!.Value));
    }

    [Fact]
    public void TakeEnded_Keys_HoldThePairsOfTheTargetsKeys()
    {
        var block = Block(
            (Arm.Target, 8, 0.25), (Arm.Source, 1, 1), (Arm.Target, 9, 0.5), (Arm.Source, 2, 1), (Arm.Target, 8, 0), (Arm.Source, 3, 1));
        var keys = Assert.Single(block.Scores).Keys;
        Assert.Equal([8UL, 9UL], keys.Select(k => k.Key));
        Assert.Equal([2L, 1L], keys.Select(k => k.Table.Count));
        Assert.Equal(0.125, keys[0].Table.TargetMean);
    }

    private static Block Block(params (Arm Arm, ulong Key, double Quality)[] requests)
    {
        var builder = new BlockBuilder(s_id, 1, "r", 1, new CountedSignals { Scores = [PairedScore.Quality] });
        var ticket = 0L;
        foreach (var (arm, key, _) in requests)
        {
            builder.Accept(ObservationEvent.Of(new Admission(++ticket, s_id, 1, 1, 500_000, arm, key, s_start)));
        }

        ticket = 0;
        foreach (var (_, _, quality) in requests)
        {
            builder.Accept(ObservationEvent.Of(new Observation { Ticket = ++ticket, Outcome = Outcome.Ok, Latency = TimeSpan.FromSeconds(1), Quality = quality }));
        }

        var ended = new List<Block>();
        builder.TakeEnded(s_start.AddSeconds(70), ended);
        return Assert.Single(ended);
    }
}
