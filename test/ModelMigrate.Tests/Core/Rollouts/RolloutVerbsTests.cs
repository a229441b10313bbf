using ModelMigrate.Core.Rollouts;
using ModelMigrate.Tests.Scenarios;

namespace ModelMigrate.Tests.Core.Rollouts;

public sealed class RolloutVerbsTests
{
    private static readonly DateTimeOffset s_now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Rows: phases in order; columns: start, pause, resume, approve, reject, promote, rollback, retry, finalize. - refused, = nothing changes.</summary>
    private static readonly string[] s_table =
    [
        "Running - - - - - = - -",
        "= Paused = - - Promoting RollingBack Running -",
        "= Paused = - - Promoting RollingBack Running -",
        "= Paused = Holding RollingBack Promoting RollingBack Running -",
        "- = Running - - Promoting RollingBack Running -",
        "- = Running - - Promoting RollingBack Running -",
        "= - = - - = RollingBack - -",
        "= Paused = - - = RollingBack - -",
        "- - - - - = - - =",
        "- - - - - - = - -",
        "- - - - - - = Running =",
        "- - - - - - = Running =",
    ];

    [Fact]
    public void Table_EveryCell_IsAsWritten()
    {
        Assert.Equal(108, RolloutVerbs.Table.Count);
        var spec = Specs.Ramp(1);
        foreach (var rule in RolloutVerbs.Table)
        {
            var expected = s_table[(int)rule.Phase].Split(' ')[(int)rule.Verb];
            Assert.Equal(expected, rule.Refused ? "-" : rule.Next?.ToString() ?? "=");
            Assert.NotEmpty(rule.Text);
            var state = new RolloutState { Id = spec.Id, Phase = rule.Phase, Step = 1, WeightPpm = 250_000 };
            var result = RolloutVerbs.Apply(spec, state, rule.Verb, "ann", "because", s_now);
            Assert.Equal(rule.Refused, result.IsRefused);
            Assert.Equal(rule.Next, result.Decision?.Next.Phase);
            Assert.Equal(rule.Next is null && !rule.Refused, result.IsNoOp);
            if (result.Decision is { } decision)
            {
                Assert.Equal(("ann", "because", s_now), (decision.Actor, decision.Reason, decision.Next.Since));
            }
        }
    }

    [Fact]
    public void Rollback_EveryPhaseWithTrafficOnTheTarget_TakesItBack()
    {
        var spec = Specs.Ramp(1);
        foreach (var phase in Enum.GetValues<RolloutPhase>())
        {
            var state = new RolloutState { Id = spec.Id, Phase = phase, WeightPpm = 250_000, TargetProven = true };
            var result = RolloutVerbs.Apply(spec, state, RolloutVerb.Rollback, "ann", "", s_now);
            if (state.IsActive && phase != RolloutPhase.RollingBack)
            {
                Assert.Equal((RolloutPhase.RollingBack, 0, false), (result.Decision!.Next.Phase, result.Decision.Next.WeightPpm, result.Decision.Next.TargetProven));
            }
            else if (phase != RolloutPhase.Completed)
            {
                Assert.True(result.IsNoOp);
            }
        }
    }

    [Fact]
    public void Retry_RolledBack_NewAttemptAndEpochAtTheFirstStep()
    {
        var spec = Specs.Ramp(1);
        var state = new RolloutState { Id = spec.Id, Phase = RolloutPhase.RolledBack, Step = 2, Attempt = 3, EvidenceEpoch = 4, ExposureSpent = 50 };
        var next = RolloutVerbs.Apply(spec, state, RolloutVerb.Retry, "ann", "", s_now).Decision!.Next;
        Assert.Equal((0, 4, 5, 0L, 50_000), (next.Step, next.Attempt, next.EvidenceEpoch, next.ExposureSpent, next.WeightPpm));
    }

    [Fact]
    public void Resume_AfterMaxHold_PatienceStartsAnewAndStepDoesNot()
    {
        var spec = Specs.Ramp(1);
        var began = s_now.AddHours(-9);
        var state = new RolloutState { Id = spec.Id, Phase = RolloutPhase.Paused, Interrupted = RolloutPhase.Holding, Step = 1, Since = began, StepSince = began };
        var next = RolloutVerbs.Apply(spec, state, RolloutVerb.Resume, "ann", "", s_now).Decision!.Next;
        Assert.Equal((RolloutPhase.Holding, s_now, began, 1), (next.Phase, next.Since, next.StepSince, next.EvidenceEpoch));
    }
}
