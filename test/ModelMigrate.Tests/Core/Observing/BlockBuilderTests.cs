using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Observing.Blocks;
using ModelMigrate.Core.Observing.Building;
using ModelMigrate.Core.Observing.Signals;
using Outcome = ModelMigrate.Core.Observing.Outcome;

namespace ModelMigrate.Tests.Core.Observing;

public sealed class BlockBuilderTests
{
    private static readonly MigrationId s_id = new("MIG-1");
    private static readonly DateTimeOffset s_start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly LatencyQuantile[] s_quantiles = [LatencyQuantile.TotalP50, LatencyQuantile.TotalP90];

    [Fact]
    public void TakeEnded_StreamSplitAnyhow_SameBlocks() => Prop.ForAll(
        ArbMap.Default.ArbFor<int>(),
        seed => Assert.Equal(Cut(seed, drains: 1), Cut(seed, drains: 997))).QuickCheckThrowOnFailure();

    [Fact]
    public void Admit_FailureEndsMuchLater_ChargedToTheAdmissionSlice()
    {
        var builder = New();
        for (var i = 0; i < 6; i++)
        {
            builder.Accept(Admitted(i, i % 2 == 0 ? Arm.Source : Arm.Target, 0.1 * i));
        }

        builder.Accept(Admitted(10, Arm.Target, 5));
        var ended = new List<Block>();
        for (var i = 0; i < 6; i++)
        {
            builder.Accept(Ended(i, i == 5 ? Outcome.Timeout : Outcome.Ok, 20));
        }

        builder.TakeEnded(s_start.AddSeconds(30), ended);
        var block = Assert.Single(ended);
        Assert.Equal((s_start.ToUnixTimeSeconds(), 3L, 3L, 1L, 0L), (block.Key.LastSlice, block.Source.Admissions, block.Target.Admissions, block.Target.Failures, block.Source.Failures));
        Assert.Equal(new PairCounts(1, 2, 0), block.Pairs);
    }

    [Fact]
    public void ReadOpen_NoArmHasThree_ClosesAfterSixtySeconds()
    {
        var builder = New();
        builder.Accept(Admitted(1, Arm.Source, 0));
        builder.Accept(Ended(1, Outcome.Ok, 0.1));
        var ended = new List<Block>();
        builder.TakeEnded(s_start.AddSeconds(50), ended);
        Assert.Empty(ended);
        builder.TakeEnded(s_start.AddSeconds(62), ended);
        Assert.Single(ended);
    }

    [Fact]
    public void TakeEnded_AnArmWithoutTraffic_BlocksStayBounded()
    {
        var builder = New();
        var ended = new List<Block>();
        var ticket = 0;
        for (var second = 0; second < 30; second++)
        {
            for (var i = 0; i < 20_000; i++)
            {
                builder.Accept(Admitted(++ticket, Arm.Source, second + (i * 0.00004), key: 7));
                builder.Accept(Ended(ticket, Outcome.Ok, 0.1));
            }

            builder.TakeEnded(s_start.AddSeconds(second + 1), ended);
        }

        // Whole seconds: the third reaches 50,000.
        Assert.Equal(Enumerable.Repeat(60_000L, 9), ended.Select(block => block.Source.Admissions));
        Assert.Equal(Enumerable.Repeat(new KeyCount(7, 60_000, 0), 9), ended.Select(block => Assert.Single(block.AdmissionKeys)));
    }

    [Fact]
    public void TakeEnded_EarlierBlockStillOpen_LaterWaits()
    {
        var builder = New();
        for (var i = 0; i < 12; i++)
        {
            builder.Accept(Admitted(i, i % 2 == 0 ? Arm.Source : Arm.Target, (0.1 * i) + (i >= 6 ? 5 : 0)));
        }

        for (var i = 1; i < 12; i++)
        {
            builder.Accept(Ended(i, Outcome.Ok, 0.1));
        }

        var ended = new List<Block>();
        builder.TakeEnded(s_start.AddSeconds(20), ended);
        Assert.Empty(ended);
        builder.Accept(Ended(0, Outcome.Ok, 0.1));
        builder.TakeEnded(s_start.AddSeconds(20), ended);
        Assert.Equal([1L, 2L], ended.Select(b => b.Key.Sequence));
    }

    [Fact]
    public void ReadOpen_RunningLongerThanQuantile_IsAnExceedance()
    {
        var frozen = new FrozenQuantiles(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
        var builder = new BlockBuilder(s_id, 1, "r", 1, new CountedSignals { Quantiles = s_quantiles }, frozen);
        builder.Accept(Admitted(1, Arm.Target, 0));
        builder.Accept(Admitted(2, Arm.Source, 0));
        builder.Accept(Admitted(3, Arm.Source, 0));
        builder.Accept(Ended(2, Outcome.Ok, 0.5));
        builder.Accept(Ended(3, Outcome.Canceled, 0.5));
        var open = new List<Block>();
        builder.ReadOpen(s_start.AddSeconds(0.5), open);
        Assert.Equal((0, 1), (open[0].Exceedances[0].TargetEvents, open[0].Exceedances[0].TargetExposures));
        builder.ReadOpen(s_start.AddSeconds(1.5), open);
        Assert.Equal((1, 0), (open[0].Exceedances[0].TargetEvents, open[0].Exceedances[1].TargetEvents));
        Assert.Equal(1, open[0].Exceedances[0].SourceExposures);
    }

    [Fact]
    public void Accept_AnotherMigrationOrAttempt_Refused()
    {
        var builder = New();
        Assert.False(builder.Accept(ObservationEvent.Of(new Admission(1, s_id, 2, 1, 1, Arm.Source, 1, s_start))));
        Assert.False(builder.Accept(ObservationEvent.Of(new Admission(1, new MigrationId("MIG-2"), 1, 1, 1, Arm.Source, 1, s_start))));
        Assert.False(builder.Accept(Ended(7, Outcome.Ok, 1)));
    }

    private static BlockBuilder New() => new(s_id, 1, "r", 1, new CountedSignals { Quantiles = s_quantiles });

    private static ObservationEvent Admitted(long ticket, Arm arm, double at, long revision = 1, int weight = 500_000, ulong? key = null) =>
        ObservationEvent.Of(new Admission(ticket, s_id, 1, revision, weight, arm, key ?? (ulong)ticket, s_start.AddSeconds(at)));

    private static ObservationEvent Ended(long ticket, Outcome outcome, double seconds) =>
        ObservationEvent.Of(new Observation { Ticket = ticket, Outcome = outcome, Latency = TimeSpan.FromSeconds(seconds) });

    private static string Cut(int seed, int drains)
    {
        var random = new Random(seed);
        var events = new List<(double At, ObservationEvent Event)>();
        var at = 0.0;
        for (var i = 0; i < 600; i++)
        {
            at += random.NextDouble() * 0.2;
            var latency = Math.Exp(2 * random.NextDouble());
            events.Add((at, Admitted(i, random.Next(4) == 0 ? Arm.Target : Arm.Source, at, at < 30 ? 1 : 2, at < 30 ? 100_000 : 250_000, (ulong)random.Next(50))));
            events.Add((at + latency, Ended(i, (Outcome)Math.Max(0, random.Next(60) - 53), latency)));
        }

        events.Sort(static (a, b) => a.At.CompareTo(b.At));
        var builder = new BlockBuilder(s_id, 1, "r", 1, new CountedSignals { Quantiles = s_quantiles }, options: new BlockOptions { QuantileSample = 10 });
        var ended = new List<Block>();
        var open = new List<Block>();
        var every = Math.Max(1, events.Count / drains);
        for (var i = 0; i < events.Count; i++)
        {
            builder.Accept(events[i].Event);
            if (i % every == 0)
            {
                var now = s_start.AddSeconds(events[i].At);
                builder.TakeEnded(now, ended);
                builder.ReadOpen(now, open);
            }
        }

        builder.TakeEnded(s_start.AddSeconds(at + 100), ended);
        Assert.NotEmpty(ended);
        Assert.NotNull(builder.Frozen);
        return JsonSerializer.Serialize(ended);
    }
}
