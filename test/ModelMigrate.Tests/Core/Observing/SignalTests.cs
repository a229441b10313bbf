using System.Text.Json;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Observing.Blocks;
using ModelMigrate.Core.Observing.Building;
using ModelMigrate.Core.Observing.Signals;

namespace ModelMigrate.Tests.Core.Observing;

/// <summary>What a block counts beyond failures, when a gate asks for it and else not.</summary>
public sealed class SignalTests
{
    private static readonly MigrationId s_id = new("MIG-1");
    private static readonly DateTimeOffset s_start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly CountedSignals s_all = new()
    {
        Quantiles = [LatencyQuantile.TotalP95], Throttling = true, Checks = ["json", "refusal"], Scores = [PairedScore.Quality, PairedScore.Cost],
    };

    private long _ticket;

    [Fact]
    public void Block_NothingAsked_CountsNothingMore()
    {
        var block = One(CountedSignals.None, (Arm.Source, Ok with { Checked = 1, Quality = 1, Cost = 1 }), (Arm.Target, Ok with { Checked = 1, FailedChecks = 1, Quality = 0, Cost = 1 }));
        Assert.Empty(block.Signals);
        Assert.Empty(block.Scores);
        Assert.Null(block.MeanCost);
    }

    [Fact]
    public void Signals_ChecksAndThrottling_CountedOfWhatTheyLookedAt()
    {
        var block = One(
            s_all,
            (Arm.Source, Ok with { Checked = 3 }),
            (Arm.Source, Ok with { Checked = 1, FailedChecks = 1 }),
            (Arm.Source, Ok with { Outcome = Outcome.Throttled }),
            (Arm.Source, Ok with { Outcome = Outcome.ClientError }),
            (Arm.Target, Ok with { Checked = 3, FailedChecks = 2 }),
            (Arm.Target, Ok with { Checked = 2, FailedChecks = 3 }));
        Assert.Equal(
            [
                (Signal.Throttled, 3, 1, 2, 0),
                (Signal.OfCheck("json"), 2, 1, 1, 0),
                (Signal.OfCheck("refusal"), 1, 0, 2, 2),
            ],
            block.Signals.Select(s => (s.Name, s.SourceExposures, s.SourceEvents, s.TargetExposures, s.TargetEvents)));

        // Pairs in admission order of those that count: throttled (no, no) and (no, no); json (ok, ok); refusal (source ok, target failed).
        Assert.Equal([new PairCounts(0, 2, 0), new PairCounts(0, 1, 0), new PairCounts(1, 0, 0)], block.Signals.Select(s => s.Pairs));
        Assert.Equal(2, block.Signals[2].Keys.Sum(k => k.Target));
    }

    [Fact]
    public void Signals_RunningRequests_AreExposureToThrottlingAndNotToChecks()
    {
        var builder = New(s_all);
        Admit(builder, Arm.Source, 0);
        Admit(builder, Arm.Target, 0.1);
        var open = new List<Block>();
        builder.ReadOpen(s_start.AddSeconds(0.5), open);
        Assert.Equal([(1, 1), (0, 0), (0, 0)], Assert.Single(open).Signals.Select(s => (s.SourceExposures, s.TargetExposures)));
        Assert.Empty(open[0].Scores);
    }

    [Fact]
    public void Scores_WithoutPairIds_MatchedInAdmissionOrderOfTheScoredOnes()
    {
        var quality = One(
            s_all,
            (Arm.Source, Ok with { Quality = 1 }), (Arm.Target, Ok), (Arm.Target, Ok with { Quality = 0.5 }),
            (Arm.Source, Ok), (Arm.Source, Ok with { Quality = 0.25 }), (Arm.Target, Ok with { Quality = 0.25 }), (Arm.Target, Ok with { Quality = 0 })).Scores[0];
        Assert.Equal([PairTable.Cell(8, 8), PairTable.Cell(32, 16)], quality.Table.Cells.ToArray());
        Assert.Equal(new PairCounts(1, 1, 0), quality.Preference);
    }

    [Fact]
    public void Scores_WithPairIds_MatchedAcrossBlocksAndNeverByOrder()
    {
        var builder = New(s_all);
        var (a, b) = (Admit(builder, Arm.Source, 0), Admit(builder, Arm.Target, 0.1));
        End(builder, a, Ok with { Quality = 1, Pair = 7 });
        End(builder, b, Ok with { Quality = 0, Pair = 8 });
        var ended = new List<Block>();
        builder.TakeEnded(s_start.AddSeconds(100), ended);
        Assert.Equal(0, Assert.Single(ended).Scores[0].Table.Count);

        var (c, d) = (Admit(builder, Arm.Target, 200), Admit(builder, Arm.Source, 200.1));
        End(builder, c, Ok with { Quality = 0.5, Pair = 7 });
        End(builder, d, Ok with { Quality = 1, Pair = 9 });
        builder.TakeEnded(s_start.AddSeconds(400), ended);
        Assert.Equal([PairTable.Cell(32, 16)], ended[1].Scores[0].Table.Cells.ToArray());
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-0.001)]
    [InlineData(1.001)]
    public void Scores_ThatCannotBeScores_AreToldAndInNoPair(double score)
    {
        var quality = One(s_all, (Arm.Source, Ok with { Quality = 1 }), (Arm.Target, Ok with { Quality = score })).Scores[0];
        Assert.Equal((0L, 1), (quality.Table.Count, quality.Invalid));
    }

    [Fact]
    public void Cost_ScaleIsTheSourcesMean_FrozenBeforeTheBlock()
    {
        var builder = New(s_all);
        for (var i = 0; i < 30; i++)
        {
            End(builder, Admit(builder, Arm.Source, i * 0.01), Ok with { Cost = 0.002m });
        }

        Assert.Equal(0.002, builder.MeanCost!.Value, 1e-12);
        var (s, t, dear) = (Admit(builder, Arm.Source, 100), Admit(builder, Arm.Target, 100.1), Admit(builder, Arm.Target, 100.2));
        End(builder, s, Ok with { Cost = 0.004m });
        End(builder, t, Ok with { Cost = 0.008m });
        End(builder, dear, Ok with { Cost = 5m });
        var ended = new List<Block>();
        builder.TakeEnded(s_start.AddSeconds(300), ended);
        Assert.Equal(0, ended[0].Scores[1].Table.Count);

        // Twice and four times the mean, of at most four times.
        Assert.Equal(0.002, ended[1].MeanCost);
        Assert.Equal([PairTable.Cell(16, 32)], ended[1].Scores[1].Table.Cells.ToArray());
    }

    [Fact]
    public void Block_AsJson_ReadsBackTheSame_AndWithoutTheNewFieldsToo()
    {
        var block = One(s_all, (Arm.Source, Ok with { Checked = 3, Quality = 0.3 }), (Arm.Target, Ok with { Checked = 3, FailedChecks = 1, Quality = 0.7 }));
        var json = JsonSerializer.Serialize(block);
        Assert.Equal(json, JsonSerializer.Serialize(JsonSerializer.Deserialize<Block>(json)));

        var old = System.Text.Json.Nodes.JsonNode.Parse(json)!.AsObject();
        foreach (var added in new[] { "Signals", "Scores", "MeanCost" })
        {
            Assert.True(old.Remove(added));
        }

        var read = old.Deserialize<Block>()!;
        Assert.Empty(read.Signals);
        Assert.Equal(block.Source, read.Source);
        Assert.Equal(TimeSpan.Zero, JsonSerializer.Deserialize<FrozenQuantiles>(
            """{"TotalP50":"00:00:01","TotalP90":"00:00:02","FirstTokenP50":"00:00:01","FirstTokenP90":"00:00:02"}""")!.TotalP95);
    }

    private static Observation Ok => new() { Ticket = 0, Outcome = Outcome.Ok, Latency = TimeSpan.FromSeconds(0.01) };

    private static BlockBuilder New(CountedSignals counted) => new(s_id, 1, "r", 1, counted);

    private static void End(BlockBuilder builder, long ticket, Observation ended) =>
        Assert.True(builder.Accept(ObservationEvent.Of(ended with { Ticket = ticket })));

    private long Admit(BlockBuilder builder, Arm arm, double at)
    {
        Assert.True(builder.Accept(ObservationEvent.Of(new Admission(++_ticket, s_id, 1, 1, 500_000, arm, (ulong)_ticket, s_start.AddSeconds(at)))));
        return _ticket;
    }

    private Block One(CountedSignals counted, params (Arm Arm, Observation Ended)[] requests)
    {
        var builder = New(counted);
        for (var i = 0; i < requests.Length; i++)
        {
            End(builder, Admit(builder, requests[i].Arm, i * 0.01), requests[i].Ended);
        }

        var ended = new List<Block>();
        builder.TakeEnded(s_start.AddSeconds(100), ended);
        return Assert.Single(ended);
    }
}
