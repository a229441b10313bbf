using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Judging.Gates;
using ModelMigrate.Core.Judging.Health;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Rollouts;
using ModelMigrate.Core.Rollouts.Replaying;
using ModelMigrate.Tests.Scenarios;

namespace ModelMigrate.Tests.Core.Rollouts.Replaying;

/// <summary>Looks that can find nothing new are left out; nobody may notice.</summary>
public sealed class RolloutReplayTests
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 1, 0, 0, 0, 40, TimeSpan.Zero);

    [Fact]
    public void Decisions_LooksLeftOut_SameAsLookingAlways()
    {
        var kinds = Repetitions.Run(Repetitions.Full ? 2000 : 40, seed =>
        {
            var (sparse, always) = (Run(seed, always: false), Run(seed, always: true));
            Assert.Equal(Show(always), Show(sparse));
            Assert.Equal(always.Exposed, sparse.Exposed);
            Assert.True(sparse.Looks <= always.Looks);
            return always.Decisions.Select(decision => decision.Kind).ToList();
        });
        // The streams must lead everywhere, else the comparison says little.
        Assert.Equal(
            [DecisionKind.Advanced, DecisionKind.Alerted, DecisionKind.Completed, DecisionKind.Frozen, DecisionKind.Holding, DecisionKind.Paused,
                DecisionKind.Promoting, DecisionKind.RolledBack, DecisionKind.RollingBack, DecisionKind.Watching],
            kinds.SelectMany(kind => kind).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Looks_RareTraffic_FewerThanTheGridHas()
    {
        var replay = new RolloutReplay(Specs.Ramp(1), s_start);
        replay.Add(Admission(1, Arm.Source, 3), Ended(1, Outcome.Ok, 0.5));
        // Second 3 is 60 s old and over: not a look earlier and not a look later.
        replay.RunTo(s_start.AddSeconds(64));
        Assert.Equal(0, replay.Last!.Blocks);
        replay.RunTo(s_start.AddSeconds(64) + TimeSpan.FromTicks(1));
        Assert.Equal(1, replay.Last.Blocks);
        replay.RunTo(s_start.AddSeconds(500));
        // The start, the admission, the end, and the closing after 60 s.
        Assert.Equal(4, replay.Looks);
        Assert.Equal(1, replay.Last!.Blocks);
    }

    [Fact]
    public void RunTo_LookAtThatMoment_WaitsForIt()
    {
        var replay = new RolloutReplay(Specs.Ramp(1), s_start);
        replay.RunTo(s_start + RolloutReplay.Interval);
        Assert.Equal(0, replay.Looks);
        replay.RunTo(s_start + RolloutReplay.Interval + TimeSpan.FromTicks(1));
        Assert.Equal(1, replay.Looks);
    }

    [Fact]
    public void Add_EveryTargetRequestFails_RolledBackAtOneLook()
    {
        var replay = new RolloutReplay(Specs.Ramp(1), s_start);
        for (var i = 1; !replay.IsOver; i++)
        {
            var arm = i % 4 == 0 ? Arm.Target : Arm.Source;
            replay.Add(Admission(i, arm, i * 0.1), Ended(i, arm == Arm.Target ? Outcome.Error : Outcome.Ok, 0.05));
        }

        Assert.Equal([DecisionKind.RollingBack, DecisionKind.RolledBack], replay.Decisions.Select(decision => decision.Kind));
        Assert.Single(replay.Decisions.Select(decision => decision.Next.Since).Distinct());
        Assert.Equal(0, (replay.Now - s_start).Ticks % RolloutReplay.Interval.Ticks);
        Assert.Equal(replay.Last!.Target.Admissions, replay.Exposed);
    }

    [Fact]
    public void ExposureLeft_BudgetSpentUndecided_Pauses()
    {
        var replay = new RolloutReplay(Specs.Ramp(1) with { ExposureBudget = 2 }, s_start);
        for (var i = 1; i <= 2; i++)
        {
            replay.Add(Admission(i, Arm.Target, i), Ended(i, Outcome.Ok, 0.2));
        }

        Assert.Equal(0, replay.ExposureLeft);
        replay.RunTo(s_start.AddSeconds(10));
        Assert.Equal(RolloutPhase.Paused, replay.State.Phase);
    }

    private static RolloutReplay Run(int seed, bool always)
    {
        var random = new Random(seed);
        var spec = Specs.Ramp(seed, hold: random.Next(1, 60)) with
        {
            Alpha = random.NextDouble() < 0.5 ? 0.05 : 0.9,
            // Wide margins, so that a short stream can pass them.
            Gates = [.. GateDefaults.Chat.Select(gate => gate with { Margin = gate.Metric == Metric.ErrorRate ? 0.2 : 3 })],
            Watch = TimeSpan.FromSeconds(random.Next(1, 60)),
            MaxHold = TimeSpan.FromSeconds(random.Next(20, 400)),
            OnRegression = (RegressionPolicy)random.Next(3),
            ExposureBudget = random.Next(3) == 0 ? random.Next(5, 100) : null,
            HardStops = random.Next(3) != 0
                ? []
                : [new HardStopSpec { Name = "stop", Metric = (HardStopMetric)random.Next(3), Threshold = random.NextDouble() * 3, Window = TimeSpan.FromSeconds(20), MinimumSamples = 10 }],
        };
        var replay = new RolloutReplay(spec, s_start) { LooksAlways = always };
        var (rate, errors, targetErrors) = (Math.Pow(10, (random.NextDouble() * 2) - 0.5), random.NextDouble() * 0.1, random.Next(3) * random.NextDouble() * 0.1);
        var slower = random.Next(2) == 0 ? 1 : 2;
        var at = 0.0;
        for (var ticket = 1; ticket < 1500 && !replay.IsOver; ticket++)
        {
            at += -Math.Log(1 - random.NextDouble()) / rate;
            at += random.Next(300) == 0 ? 130 : 0;
            replay.RunTo(s_start.AddSeconds(at));
            var isTarget = random.NextDouble() * 1e6 < replay.State.WeightPpm && replay.ExposureLeft is not 0;
            var outcome = random.NextDouble() < (isTarget ? targetErrors : errors) ? (Outcome)random.Next(1, 7) : Outcome.Ok;
            var latency = -Math.Log(1 - random.NextDouble()) * (isTarget ? slower : 1) * (random.Next(200) == 0 ? 100 : 1);
            replay.Add(
                Admission(ticket, isTarget ? Arm.Target : Arm.Source, at) with { WeightPpm = replay.State.WeightPpm, Revision = replay.Revision },
                Ended(ticket, outcome, latency));
        }

        replay.RunTo(s_start.AddSeconds(at + 600));
        return replay;
    }

    private static List<string> Show(RolloutReplay replay) =>
        [.. replay.Decisions.Select(d => $"{(d.Next.Since - s_start).TotalSeconds} {d.Kind} {d.Gate} {d.Next.WeightPpm} {d.Reason}")];

    private static Admission Admission(long ticket, Arm arm, double at) =>
        new(ticket, new("MIG-sim"), 1, 1, 50_000, arm, (ulong)ticket, s_start.AddSeconds(at));

    private static Observation Ended(long ticket, Outcome outcome, double latency) => new()
    {
        Ticket = ticket,
        Outcome = outcome,
        Latency = TimeSpan.FromSeconds(latency),
        FirstToken = outcome == Outcome.Ok ? TimeSpan.FromSeconds(latency / 2) : null,
    };
}
