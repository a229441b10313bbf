using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Routing;

namespace ModelMigrate.Core.Rollouts;

/// <summary>
/// Says what a rollout does next. Pure: the same arguments give the same decision. What protects comes before what waits:
/// harm and hard stops, then health (budget, faults, sample ratio, few keys, no data), dwell, promotion, approval.
/// </summary>
public static class RolloutDecider
{
    private const string Judge = "judge";
    private const string Controller = "controller";

    /// <summary>The next decision, or null when the rollout stays as it is. Evidence of another attempt or epoch decides nothing.</summary>
    public static Decision? Decide(RolloutSpec spec, RolloutState state, Evidence evidence, DateTimeOffset now)
    {
        if (evidence.Migration != state.Id || evidence.Attempt != state.Attempt || evidence.Epoch != state.EvidenceEpoch
            || state.Step < 0 || state.Step >= spec.Steps.Count)
        {
            return null;
        }

        return state.Phase switch
        {
            RolloutPhase.Running or RolloutPhase.Holding =>
                Harm(spec, state, evidence, now) ?? Exhausted(spec, state, evidence, now) ?? Progress(spec, state, evidence, now),
            RolloutPhase.AwaitingApproval or RolloutPhase.Paused or RolloutPhase.Frozen or RolloutPhase.Promoting =>
                Harm(spec, state, evidence, now),
            RolloutPhase.Watching => Harm(spec, state, evidence, now) ?? Complete(spec, state, evidence, now),
            RolloutPhase.Planned or RolloutPhase.Completed or RolloutPhase.RollingBack or RolloutPhase.RolledBack or RolloutPhase.Failed => null,
        };
    }

    /// <summary>The earliest time after <paramref name="now"/> at which the same evidence may lead to another decision; null for never.</summary>
    public static DateTimeOffset? NextDue(RolloutSpec spec, RolloutState state, DateTimeOffset now)
    {
        DateTimeOffset? next = null;
        if (state.Phase is RolloutPhase.Running or RolloutPhase.Holding && state.Step >= 0 && state.Step < spec.Steps.Count)
        {
            next = After(now, state.StepSince, spec.Steps[state.Step].Hold);
            var patience = state.Phase == RolloutPhase.Holding ? After(now, state.Since, spec.MaxHold) : null;
            next = next is null || patience < next ? patience ?? next : next;
        }

        return state.Phase == RolloutPhase.Watching ? After(now, state.Since, spec.Watch) : next;
    }

    private static DateTimeOffset? After(DateTimeOffset now, DateTimeOffset since, TimeSpan wait) =>
        wait < DateTimeOffset.MaxValue - since && since + wait > now ? since + wait : null;

    /// <summary>The severest of what the findings ask for: each gate may have its own answer to harm.</summary>
    private static Decision? Harm(RolloutSpec spec, RolloutState state, Evidence evidence, DateTimeOffset now)
    {
        if (evidence.Fault is not null)
        {
            return null;
        }

        var findings = Findings.Of(spec, state, evidence, now);
        if (First(findings, RegressionPolicy.Rollback) is { } harm)
        {
            return Make(DecisionKind.RollingBack, RolloutTransitions.ToRollingBack(harm.Mark(state, now), harm.Reason, now), Judge, harm.Reason, harm.Gate);
        }

        if (First(findings, RegressionPolicy.Freeze) is { } frozen && state.Phase != RolloutPhase.Frozen)
        {
            return Make(
                DecisionKind.Frozen,
                frozen.Mark(state, now) with { Phase = RolloutPhase.Frozen, Interrupted = state.Interrupted ?? state.Phase, Since = now, Reason = frozen.Reason },
                Judge, frozen.Reason, frozen.Gate);
        }

        foreach (var alert in findings)
        {
            // A gate is alerted once; a rule again whenever its cooldown is over.
            if (alert.Policy == RegressionPolicy.Alert && (alert.IsHardStop || !Contains(state.Alerted, alert.Gate)))
            {
                var alerted = alert.IsHardStop ? alert.Mark(state, now) : state with { Alerted = [.. state.Alerted, alert.Gate] };
                return Make(DecisionKind.Alerted, alerted with { Reason = alert.Reason }, Judge, alert.Reason, alert.Gate);
            }
        }

        return null;
    }

    private static Findings.Finding? First(IReadOnlyList<Findings.Finding> findings, RegressionPolicy policy)
    {
        foreach (var finding in findings)
        {
            if (finding.Policy == policy)
            {
                return finding;
            }
        }

        return null;
    }

    /// <summary>Nothing more can reach the target and nothing is under way: more waiting brings no more evidence.</summary>
    private static Decision? Exhausted(RolloutSpec spec, RolloutState state, Evidence evidence, DateTimeOffset now)
    {
        if (spec.ExposureBudget is not { } budget || state.TargetProven || state.ExposureSpent < budget
            || evidence.ExposureLeft is not <= 0 || evidence.Target.Open > 0 || Passes(spec, state, evidence))
        {
            return null;
        }

        return Pause(
            state,
            $"The exposure budget of {budget} requests is spent and the gates are undecided. Raise exposureBudget and retry, promote, or roll back.",
            now);
    }

    private static Decision? Progress(RolloutSpec spec, RolloutState state, Evidence evidence, DateTimeOffset now)
    {
        var step = spec.Steps[state.Step];
        if (now - state.StepSince < step.Hold)
        {
            return null;
        }

        var sick = Health(evidence);
        if (sick is not null || !Passes(spec, state, evidence))
        {
            // Said only when something is decided: most looks of a long hold find the same.
            return IsWaiting(spec, state, now) ? null : Wait(spec, state, sick ?? Missing(spec, state, evidence), now);
        }

        if (step.Approval && state.ApprovedStep != state.Step)
        {
            var reason = $"The gates pass on step {state.Step + 1}; a person must approve leaving it.";
            return Make(
                DecisionKind.AwaitingApproval,
                state with { Phase = RolloutPhase.AwaitingApproval, Since = now, Reason = reason }, Controller, reason);
        }

        if (state.Step == spec.Steps.Count - 1)
        {
            var reason = $"Every required gate passed at the final margin: {Summary(evidence, final: true)}.";
            return Make(DecisionKind.Promoting, RolloutTransitions.ToPromoting(spec, state, reason, now), Judge, reason);
        }

        var next = state.Step + 1;
        var advanced = $"Step {next} passed: {Summary(evidence, final: false)}; the target takes {RolloutTransitions.Percent(spec.Steps[next].WeightPpm)}.";
        return Make(DecisionKind.Advanced, RolloutTransitions.ToStep(spec, state, next, advanced, now), Judge, advanced);
    }

    private static bool IsWaiting(RolloutSpec spec, RolloutState state, DateTimeOffset now) =>
        state.Phase != RolloutPhase.Running && now - state.Since < spec.MaxHold;

    /// <summary>Undecided never promotes by time: it holds, and after <see cref="RolloutSpec.MaxHold"/> it pauses.</summary>
    private static Decision Wait(RolloutSpec spec, RolloutState state, string blocked, DateTimeOffset now)
    {
        if (state.Phase == RolloutPhase.Running)
        {
            var reason = $"The hold of step {state.Step + 1} is over but {blocked}";
            return Make(DecisionKind.Holding, state with { Phase = RolloutPhase.Holding, Since = now, Reason = reason }, Controller, reason);
        }

        return Pause(
            state,
            $"Still undecided after {spec.MaxHold}: {blocked} Resume to wait as long again, promote, or roll back.",
            now);
    }

    private static Decision? Complete(RolloutSpec spec, RolloutState state, Evidence evidence, DateTimeOffset now)
    {
        if (now - state.Since < spec.Watch || evidence.Fault is not null || evidence.Worse is not null || evidence.HardStop is not null)
        {
            return null;
        }

        var reason = $"Nothing got worse in {spec.Watch.TotalSeconds:0} s of watching; {spec.Target} takes all traffic.";
        return Make(
            DecisionKind.Completed,
            state with { Phase = RolloutPhase.Completed, WeightPpm = SplitSnapshot.Total, Since = now, Reason = reason }, Controller, reason);
    }

    private static string? Health(Evidence evidence)
    {
        if (evidence.Fault is { } fault)
        {
            return $"the evidence contradicts itself ({fault}); retry or roll back.";
        }

        if (evidence.SampleRatio is { Found: true } found && found.Log10 < found.NeededLog10)
        {
            return "the arms' share of distinct keys was found off the weight earlier; look for requests lost or counted twice in one arm, then retry.";
        }

        if (evidence.SampleRatio.Mismatch)
        {
            return $"the arms' share of distinct keys is off the weight ({evidence.SampleRatio.TargetKeys} of "
                + $"{evidence.SampleRatio.SourceKeys + evidence.SampleRatio.TargetKeys}); look for requests lost or counted twice in one arm.";
        }

        return evidence.FewKeys;
    }

    private static string Missing(RolloutSpec spec, RolloutState state, Evidence evidence)
    {
        var final = IsLast(spec, state);
        foreach (var gate in evidence.Gates)
        {
            var verdict = final ? gate.FinalVerdict : gate.Verdict;
            if (gate.IsWaitedFor && verdict != Verdict.NotWorse)
            {
                var evidenceLog10 = final ? gate.PromoteFinalLog10 : gate.PromoteLog10;
                return verdict switch
                {
                    Verdict.NoData when gate.Starved => $"{gate.Name} has had no data for {gate.NoDataSeconds:0} s in which the target took requests.",
                    Verdict.NoData => $"{gate.Name} has no data.",
                    Verdict.Worse => $"{gate.Name} says worse.",
                    Verdict.Undecided or Verdict.NotWorse =>
                        $"{gate.Name} is undecided{(gate.Note is { } note ? $": {note}" : "")} (evidence 10^{evidenceLog10:0.00}, needed 10^{gate.PromoteNeededLog10:0.00}).",
                };
            }
        }

        return "no required gate passed at this step's margin.";
    }

    private static bool Passes(RolloutSpec spec, RolloutState state, Evidence evidence) => IsLast(spec, state)
        ? evidence.Passes(final: true)
        : evidence.Passes(final: false) && evidence.MarginFactor.Equals(RolloutJudging.MarginFactor(spec, state));

    private static bool IsLast(RolloutSpec spec, RolloutState state) => state.Step == spec.Steps.Count - 1;

    private static Decision Pause(RolloutState state, string reason, DateTimeOffset now) => Make(
        DecisionKind.Paused,
        state with { Phase = RolloutPhase.Paused, Interrupted = state.Phase, Since = now, Reason = reason }, Controller, reason);

    private static string Summary(Evidence evidence, bool final) => string.Join(
        ", ",
        evidence.Gates.Where(g => g.IsWaitedFor).Select(g => $"{g.Name} 10^{(final ? g.PromoteFinalLog10 : g.PromoteLog10):0.00} of 10^{g.PromoteNeededLog10:0.00}"));

    private static bool Contains(IReadOnlyList<string> names, string name)
    {
        foreach (var each in names)
        {
            if (string.Equals(each, name, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static Decision Make(string kind, RolloutState next, string actor, string reason, string? gate = null) =>
        new() { Kind = kind, Next = next, Actor = actor, Reason = reason, Gate = gate };
}
