using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Judging.Explaining;
using ModelMigrate.Core.Judging.Gates;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Observing.Blocks;
using ModelMigrate.Core.Observing.Building;
using ModelMigrate.Tests.Scenarios;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Core.Judging;

/// <summary>Gates that count keys: users who repeat their failures, as retrying clients do, count once a block.</summary>
public sealed class KeyUnitTests
{
    private const double Alpha = 0.1;
    private static readonly int s_runs = Repetitions.Of(400);
    private static readonly JudgeSpec s_requests = JudgeKit.Errors with { Alpha = Alpha * Math.PI * Math.PI / 6 };
    private static readonly JudgeSpec s_keys = s_requests with { Gates = [GateDefaults.Chat[0] with { Unit = GateUnit.Key }] };

    [Fact]
    public void EqualArms_ClientsRepeatTheirFailures_ByKeysCrossesInAtMostAlpha()
    {
        var byKeys = Run(s_keys, 0.02, 0.02);
        Assert.InRange(byKeys, 0, Alpha + (4 * Math.Sqrt(Alpha * (1 - Alpha) / s_runs)));
        Assert.True(Run(s_requests, 0.02, 0.02) > byKeys + 0.1);
    }

    [Fact]
    public void WorseTarget_MoreUsersFail_IsFound() => Assert.InRange(Run(s_keys, 0.02, 0.12), 0.95, 1);

    [Fact]
    public void Evaluate_ByKeys_SaysSo()
    {
        var block = JudgeKit.Ended(1, 100, 2, 100, 60) with
        {
            Signals = [new("keys:failed", 40, 1, 30, 2) { Pairs = new PairCounts(2, 27, 1), Keys = [new KeyCount(7, 0, 1), new KeyCount(8, 0, 1)] }],
        };
        var gate = JudgeKit.Folded(s_keys, block).Look().Gates[0];
        Assert.Equal((40L, 1L, 30L, 2L), (gate.SourceExposures, gate.SourceEvents, gate.TargetExposures, gate.TargetEvents));
        Assert.Equal((Verdict.Undecided, GateUnit.Key), (gate.Verdict, gate.CountedBy));
        Assert.EndsWith("keys failed.", Explanations.Of(gate, 0.5).Lines[0], StringComparison.Ordinal);
        // A block of an earlier version, or of another gate, has no such counts: no data and no verdict from requests.
        Assert.Equal(Verdict.NoData, JudgeKit.Folded(s_keys, JudgeKit.Ended(1, 100, 2, 100, 60)).Look().Gates[0].Verdict);
    }

    [Fact]
    public void SignalsFor_OnlyWhatIsAsked()
    {
        Assert.Empty(Judge.SignalsFor(s_requests.Gates).Keyed);
        var signals = Judge.SignalsFor([s_keys.Gates[0], GateDefaults.Of(Metric.ThrottlingRate) with { Unit = GateUnit.Key }, GateDefaults.Of(Metric.CheckFailureRate, "json") with { Unit = GateUnit.Key }]);
        Assert.Equal(["failed", "throttled", "check:json"], signals.Keyed);
        Assert.Equal((false, "json"), (signals.Throttling, Assert.Single(signals.Checks)));
    }

    /// <summary>Share of the runs that find the target worse: 30 users a block of each arm, a user that fails does so ten times in a row.</summary>
    private static double Run(JudgeSpec spec, double source, double target)
    {
        var worse = new bool[s_runs];
        TestThreads.For(s_runs, i => worse[i] = One(spec, source, target, new Random(i)));
        return worse.Count(each => each) / (double)s_runs;
    }

    private static bool One(JudgeSpec spec, double sourceShare, double targetShare, Random random)
    {
        var judge = new Judge(spec);
        var builder = new BlockBuilder(JudgeKit.Id, 1, "r", 1, Judge.SignalsFor(spec.Gates));
        var ended = new List<Block>();
        long ticket = 0;
        for (var second = 0; second < 60; second++)
        {
            var at = JudgeKit.Start.AddSeconds(second);
            for (var user = 0; user < 60; user++)
            {
                var arm = user % 2 == 0 ? Arm.Source : Arm.Target;
                var fails = random.NextDouble() < (arm == Arm.Source ? sourceShare : targetShare);
                for (var i = 0; i < (fails ? 10 : 1); i++)
                {
                    builder.Accept(ObservationEvent.Of(new Admission(++ticket, JudgeKit.Id, 1, 1, 500_000, arm, (ulong)((second * 60) + user), at)));
                    builder.Accept(ObservationEvent.Of(new Observation { Ticket = ticket, Outcome = fails ? Outcome.Error : Outcome.Ok, Latency = TimeSpan.FromMilliseconds(1) }));
                }
            }

            ended.Clear();
            builder.TakeEnded(at, ended);
            foreach (var block in ended)
            {
                judge.Fold(block);
            }

            if (judge.Look().Gates[0].Verdict == Verdict.Worse)
            {
                return true;
            }
        }

        return false;
    }
}
