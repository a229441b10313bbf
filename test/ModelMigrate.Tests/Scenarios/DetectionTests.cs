using System.Text.Json;
using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Observing.Blocks;
using ModelMigrate.Core.Rollouts;
using Xunit.Abstractions;

namespace ModelMigrate.Tests.Scenarios;

/// <summary>How many requests meet a bad target before it is taken back, and what must not take it back.</summary>
public sealed class DetectionTests(ITestOutputHelper output)
{
    [Fact]
    public void Rollback_TwentyPointsAtTenPerSecond_WithinThirtyFiveTargetRequests()
    {
        var exposed = Exposed(100, seed => Specs.Ramp(seed), new TrafficModel { TargetErrors = static _ => 0.205 });
        Repetitions.Report(output, "errors +20 pp at 10/s, 5 %: median target requests", $"{exposed[exposed.Count / 2]}");
        Assert.True(exposed[exposed.Count / 2] <= 35, $"{exposed[exposed.Count / 2]}");
    }

    [Theory]
    [InlineData("errors")]
    [InlineData("slow")]
    [InlineData("malformed")]
    [InlineData("outage")]
    public void Rollback_DemonstrationFault_FewerThanHundredExposed(string fault)
    {
        var traffic = new TrafficModel { Rate = 200 };
        traffic = fault switch
        {
            "errors" => traffic with { TargetErrors = static at => at > 3 ? 0.3 : 0.005 },
            "slow" => traffic with { TargetMedian = static at => at > 3 ? 0.6 : 0.2 },
            "malformed" => traffic with { TargetErrors = static at => at > 3 ? 1 : 0.005 },
            _ => traffic with { TargetErrors = static at => at > 3 ? 1 : 0.005, TargetErrorSeconds = 0.01 },
        };
        var exposed = Exposed(40, seed => Specs.Demo(seed), traffic, afterFault: true);
        Repetitions.Report(output, $"demo {fault}: target requests after the fault, median and largest", $"{exposed[exposed.Count / 2]} and {exposed[^1]}");
        Assert.True(exposed[^1] < 100, $"{exposed[^1]}");
    }

    [Fact]
    public void Rollback_DemonstrationOutageOfBoth_Never()
    {
        // As in the demo: both answer 503 at once for ten seconds, three seconds into the first step.
        static double Errors(double at) => at is > 3 and < 13 ? 1 : 0.005;
        var traffic = new TrafficModel { Rate = 200, SourceErrors = Errors, TargetErrors = Errors, SourceErrorSeconds = 0.01, TargetErrorSeconds = 0.01 };
        Assert.All(
            Repetitions.Run(40, seed =>
            {
                var run = new SimulatedMigration(Specs.Demo(seed), traffic, seed);
                run.Run(60);
                return run.State.Phase;
            }),
            phase => Assert.NotEqual(RolloutPhase.RolledBack, phase));
    }

    [Fact]
    public void Promotion_HealthyDemonstration_CompletesWithinAMinute()
    {
        var seconds = Repetitions.Run(20, seed =>
        {
            var run = new SimulatedMigration(Specs.Demo(seed), new TrafficModel { Rate = 200 }, seed);
            run.Run(60);
            Assert.NotEqual(RolloutPhase.RolledBack, run.State.Phase);
            return run.State.Phase == RolloutPhase.Completed ? run.Seconds : 999;
        });
        seconds.Sort();
        Repetitions.Report(output, "healthy demo completed after seconds, median; within 60 s", $"{seconds[10]:0}; {seconds.Count(s => s <= 60)} of {seconds.Count}");
        Assert.True(seconds[10] <= 60, $"{seconds[10]}");
    }

    [Fact]
    public void Verdict_OneSickTenant_UndecidedForOneKey()
    {
        // A key that the target serves at 50 %: it fails always, everybody else never more than the source.
        var notes = Repetitions.Run(20, seed =>
        {
            var spec = Specs.Demo(seed) with { Steps = [new RolloutStep { WeightPpm = 500_000, Hold = TimeSpan.FromHours(1) }] };
            var run = new SimulatedMigration(spec, new TrafficModel { Rate = 50, SickKey = 7, SickShare = 0.08 }, seed);
            run.Run(120);
            return (run.State.Phase, run.Last!.Gates[0].Note, run.Last.Target.Failures);
        });
        var met = notes.Where(n => n.Failures > 100).ToList();
        Assert.DoesNotContain(notes, n => n.Phase == RolloutPhase.RolledBack);
        Assert.NotEmpty(met);
        Assert.All(met, n => Assert.Equal("one key", n.Note));
    }

    [Fact]
    public void Run_RestartedFromCheckpoint_SameDecisionsAndEvidence()
    {
        var traffic = new TrafficModel { Rate = 50, TargetErrors = static at => at > 40 ? 0.03 : 0.005 };
        var through = new SimulatedMigration(Specs.Demo(3), traffic, 3);
        var restarted = new SimulatedMigration(Specs.Demo(3), traffic, 3);
        for (var i = 0; i < 200 && !through.IsOver; i++)
        {
            through.RunSecond();
            restarted.RunSecond();
            restarted.Restart(loseOpenSlices: false, static s => JsonSerializer.Deserialize<JudgeState>(JsonSerializer.Serialize(s))!);
            Assert.Equal(JsonSerializer.Serialize(through.Last), JsonSerializer.Serialize(restarted.Last));
        }

        Assert.Equal(through.Decisions.Select(d => (d.Kind, d.Reason)), restarted.Decisions.Select(d => (d.Kind, d.Reason)));
    }

    [Fact]
    public void Run_OpenSlicesLost_GapCountedForBothArms()
    {
        var run = new SimulatedMigration(Specs.Ramp(1), new TrafficModel { Rate = 50, SourceMedian = static _ => 5, TargetMedian = static _ => 5 }, 1);
        run.Run(60);
        run.Restart(loseOpenSlices: true, static s => s);
        run.Run(120);
        Assert.InRange(run.Last!.EvidenceGapSeconds, 2, 40);
        Assert.Null(run.Last.Fault);
    }

    [Fact]
    public void Replay_StoredBlocks_SameEvidenceBitForBit()
    {
        var spec = Specs.Demo(5);
        var run = new SimulatedMigration(spec, new TrafficModel { Rate = 50 }, 5) { KeepBlocks = true };
        run.Run(90);
        var replayed = new Judge(run.Judge.Spec);
        foreach (var block in run.Blocks)
        {
            var stored = JsonSerializer.Deserialize<Block>(JsonSerializer.Serialize(block))!;
            Assert.Equal(FoldResult.Folded, replayed.Fold(stored));
            Assert.Equal(FoldResult.Duplicate, replayed.Fold(stored));
        }

        Assert.Equal(JsonSerializer.Serialize(run.Judge.Snapshot()), JsonSerializer.Serialize(replayed.Snapshot()));
    }

    private static List<long> Exposed(int count, Func<int, RolloutSpec> spec, TrafficModel traffic, bool afterFault = false)
    {
        var exposed = Repetitions.Run(count, seed =>
        {
            var run = new SimulatedMigration(spec(seed), traffic, seed);
            long before = 0;
            run.Run(3 * 600, r =>
            {
                before = r.Seconds <= 3 ? r.Exposed : before;
                return false;
            });
            Assert.Equal(RolloutPhase.RolledBack, run.State.Phase);
            return run.Exposed - (afterFault ? before : 0);
        });
        exposed.Sort();
        return exposed;
    }
}
