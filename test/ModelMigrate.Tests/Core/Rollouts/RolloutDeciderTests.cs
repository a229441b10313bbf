using FsCheck;
using FsCheck.Fluent;
using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Judging.Health;
using ModelMigrate.Core.Rollouts;
using ModelMigrate.Tests.Scenarios;

namespace ModelMigrate.Tests.Core.Rollouts;

public sealed class RolloutDeciderTests
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Decide_AnyStateAndEvidence_StaysLegal() => Prop.ForAll(
        Gen.Choose(0, 1_000_000_000).Select(i => new Random(i)).ToArbitrary(),
        random =>
        {
            var (spec, state, evidence, now) = Any(random);
            var decision = RolloutDecider.Decide(spec, state, evidence, now);
            Assert.Equal(decision?.Kind, RolloutDecider.Decide(spec, state, evidence, now)?.Kind);
            var serving = state.IsActive && state.Phase != RolloutPhase.RollingBack;
            if (!serving)
            {
                Assert.Null(decision);
                return;
            }

            var harmed = evidence.Fault is null && (evidence.Worse is not null || evidence.HardStop is not null);
            if (harmed && spec.OnRegression == RegressionPolicy.Rollback)
            {
                Assert.Equal((RolloutPhase.RollingBack, 0), (decision!.Next.Phase, decision.Next.WeightPpm));
            }

            if (decision is null)
            {
                return;
            }

            Assert.NotEmpty(decision.Reason);
            Assert.InRange(decision.Next.WeightPpm, 0, 1_000_000);
            Assert.InRange(decision.Next.Step, 0, spec.Steps.Count - 1);
            if (decision.Next.Phase == RolloutPhase.Promoting && state.Phase != RolloutPhase.Promoting)
            {
                Assert.Equal(spec.Steps.Count - 1, state.Step);
                Assert.All(evidence.Gates.Where(g => g.Required), g => Assert.Equal(Verdict.NotWorse, g.FinalVerdict));
                Healthy(spec, state, evidence, now);
            }

            if (decision.Next.Step > state.Step)
            {
                Assert.Equal(state.Step + 1, decision.Next.Step);
                Assert.All(evidence.Gates.Where(g => g.Required), g => Assert.Equal(Verdict.NotWorse, g.Verdict));
                Healthy(spec, state, evidence, now);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));

    [Fact]
    public void Decide_UndecidedForever_PausesAndNeverPromotes()
    {
        var spec = Specs.Ramp(1);
        var state = new RolloutState { Id = spec.Id, Phase = RolloutPhase.Running, WeightPpm = 50_000, Since = s_start, StepSince = s_start };
        var kinds = new List<string>();
        for (var minute = 0; minute < 1000; minute++)
        {
            var now = s_start.AddMinutes(minute);
            if (RolloutDecider.Decide(spec, state, Evidence(spec, state, Verdict.Undecided, Verdict.Undecided), now) is { } decision)
            {
                kinds.Add(decision.Kind);
                state = decision.Next;
            }
        }

        Assert.Equal([DecisionKind.Holding, DecisionKind.Paused], kinds);
        Assert.Equal(RolloutPhase.Holding, state.Interrupted);
    }

    [Fact]
    public void Decide_ApprovalStep_WaitsForThePersonAndStillChecksTheGates()
    {
        var spec = Specs.Ramp(1);
        spec = spec with { Steps = [spec.Steps[0] with { Approval = true }, spec.Steps[1]] };
        var state = new RolloutState { Id = spec.Id, Phase = RolloutPhase.Running, WeightPpm = 50_000, Since = s_start, StepSince = s_start };
        var now = s_start.AddHours(1);
        var asked = RolloutDecider.Decide(spec, state, Evidence(spec, state, Verdict.NotWorse, Verdict.Undecided), now)!.Next;
        Assert.Equal(RolloutPhase.AwaitingApproval, asked.Phase);
        Assert.Null(RolloutDecider.Decide(spec, asked, Evidence(spec, asked, Verdict.NotWorse, Verdict.Undecided), now));
        var approved = RolloutVerbs.Apply(spec, asked, RolloutVerb.Approve, "ann", "", now).Decision!.Next;
        Assert.Null(RolloutDecider.Decide(spec, approved, Evidence(spec, approved, Verdict.Undecided, Verdict.Undecided), now));
        Assert.Equal(1, RolloutDecider.Decide(spec, approved, Evidence(spec, approved, Verdict.NotWorse, Verdict.Undecided), now)!.Next.Step);
    }

    [Fact]
    public void Decide_BudgetSpentAndNothingOpen_PausesWithRemedy()
    {
        var spec = Specs.Ramp(1) with { ExposureBudget = 50 };
        var state = new RolloutState { Id = spec.Id, Phase = RolloutPhase.Running, ExposureSpent = 50, Since = s_start, StepSince = s_start };
        var evidence = Evidence(spec, state, Verdict.Undecided, Verdict.Undecided) with { ExposureLeft = 0 };
        var decision = RolloutDecider.Decide(spec, state, evidence, s_start.AddSeconds(1))!;
        Assert.Equal(RolloutPhase.Paused, decision.Next.Phase);
        Assert.Contains("exposureBudget", decision.Reason, StringComparison.Ordinal);
        Assert.Null(RolloutDecider.Decide(spec, state, evidence with { Target = evidence.Target with { Open = 1 } }, s_start.AddSeconds(1)));
    }

    private static void Healthy(RolloutSpec spec, RolloutState state, Evidence evidence, DateTimeOffset now)
    {
        Assert.Null(evidence.FewKeys);
        Assert.Null(evidence.Fault);
        Assert.False(evidence.SampleRatio.Mismatch);
        Assert.True(now - state.StepSince >= spec.Steps[state.Step].Hold);
        Assert.True(!spec.Steps[state.Step].Approval || state.ApprovedStep == state.Step);
    }

    private static (RolloutSpec Spec, RolloutState State, Evidence Evidence, DateTimeOffset Now) Any(Random random)
    {
        T Pick<T>(params T[] values) => values[random.Next(values.Length)];
        var spec = Specs.Ramp(1) with { OnRegression = Pick(Enum.GetValues<RegressionPolicy>()), ExposureBudget = Pick<int?>(null, 50) };
        spec = spec with { Steps = [.. spec.Steps.Select(s => s with { Approval = Pick(true, false, false) })] };
        var state = new RolloutState
        {
            Id = spec.Id, Phase = Pick(Enum.GetValues<RolloutPhase>()), Step = random.Next(-1, 5), WeightPpm = 250_000,
            Since = s_start, StepSince = s_start, ApprovedStep = Pick<int?>(null, 0, 1, 2), TargetProven = Pick(true, false),
            Interrupted = Pick<RolloutPhase?>(null, RolloutPhase.Holding), ExposureSpent = Pick(0L, 50L), Alerted = Pick<string[]>([], ["errors"]),
        };
        state = state with { Step = Math.Clamp(state.Step, 0, spec.Steps.Count - 1) };
        var verdicts = Enum.GetValues<Verdict>().Append(Verdict.NotWorse).Append(Verdict.NotWorse).Append(Verdict.NotWorse).ToArray();
        var evidence = Evidence(spec, state, Verdict.NotWorse, Verdict.NotWorse);
        evidence = evidence with
        {
            Gates = [.. evidence.Gates.Select(g =>
            {
                var verdict = Pick(verdicts);
                return g with { Verdict = verdict, FinalVerdict = verdict == Verdict.Worse ? verdict : Pick(verdict, Verdict.Undecided), Required = Pick(true, true, false) };
            })],
            FewKeys = Pick(null, null, null, "few keys"),
            Fault = Pick(null, null, null, "fault"),
            SampleRatio = new SampleRatioEvidence(1, 1, 1, Pick(0.0, 0.0, 4.0, double.NaN), 3),
            HardStops = Pick<HardStopEvidence[]>([], [], [], [new HardStopEvidence("stop", HardStopMetric.ErrorRate, 1, 0.1, 100)]),
            ExposureLeft = Pick<long?>(null, 0, 5),
        };
        return (spec, state, evidence, s_start.AddMinutes(random.Next(-5, 1000)));
    }

    private static Evidence Evidence(RolloutSpec spec, RolloutState state, Verdict step, Verdict final)
    {
        var evidence = new Judge(RolloutJudging.SpecFor(spec, state)).Evaluate([], RolloutJudging.MarginFactor(spec, state), s_start);
        return evidence with { Gates = [.. evidence.Gates.Select(g => g with { Verdict = step, FinalVerdict = final })] };
    }
}
