namespace ModelMigrate.Core.Rollouts;

/// <summary>
/// What each verb does in each phase. Rollback wins in every phase that holds traffic on the target, and succeeds without a change where
/// there is none to take back.
/// </summary>
public static class RolloutVerbs
{
    /// <summary>Every phase × verb, in the order of the enums.</summary>
    public static IReadOnlyList<VerbRule> Table { get; } =
        [.. from phase in Enum.GetValues<RolloutPhase>() from verb in Enum.GetValues<RolloutVerb>() select Rule(phase, verb)];

    /// <summary>The cell for one phase and verb.</summary>
    public static VerbRule Rule(RolloutPhase phase, RolloutVerb verb) => verb switch
    {
        RolloutVerb.Start => Start(phase),
        RolloutVerb.Pause => Pause(phase),
        RolloutVerb.Resume => Resume(phase),
        RolloutVerb.Approve => Approval(phase, verb, RolloutPhase.Holding, "Leaves the step as soon as its gates pass."),
        RolloutVerb.Reject => Approval(phase, verb, RolloutPhase.RollingBack, "Rolls back."),
        RolloutVerb.Promote => Promote(phase),
        RolloutVerb.Rollback => Rollback(phase),
        RolloutVerb.Retry => Retry(phase),
        RolloutVerb.Finalize => Finish(phase),
    };

    /// <summary>Applies an operator's verb. <paramref name="reason"/> may be empty.</summary>
    public static VerbResult Apply(RolloutSpec spec, RolloutState state, RolloutVerb verb, string actor, string reason, DateTimeOffset now)
    {
        var rule = Rule(state.Phase, verb);
        if (rule.Refused)
        {
            return new VerbResult { Refusal = rule.Text, Message = rule.Text };
        }

        if (rule.Next is null)
        {
            return new VerbResult { Message = rule.Text };
        }

        if (spec.Steps.Count == 0)
        {
            const string NoSteps = "The migration has no steps; declare at least one and retry.";
            return new VerbResult { Refusal = NoSteps, Message = NoSteps };
        }

        var why = string.IsNullOrWhiteSpace(reason) ? $"{verb.ToString().ToLowerInvariant()} asked by {actor}" : reason;
        var (kind, next) = Act(spec, state, verb, why, now);
        return new VerbResult { Decision = new Decision { Kind = kind, Next = next, Actor = actor, Reason = why }, Message = rule.Text };
    }

    private static (string Kind, RolloutState Next) Act(RolloutSpec spec, RolloutState state, RolloutVerb verb, string why, DateTimeOffset now) => verb switch
    {
        RolloutVerb.Start => (DecisionKind.Started, RolloutTransitions.ToStep(spec, state, 0, why, now)),
        RolloutVerb.Pause => (
            DecisionKind.Paused, state with { Phase = RolloutPhase.Paused, Interrupted = state.Phase, Since = now, Reason = why }),

        // Since starts anew: a resumed hold has its whole patience again, while StepSince and the evidence go on.
        RolloutVerb.Resume => (
            DecisionKind.Resumed,
            state with { Phase = state.Interrupted ?? RolloutPhase.Running, Interrupted = null, Since = now, Reason = why }),
        RolloutVerb.Approve => (
            DecisionKind.Approved, state with { Phase = RolloutPhase.Holding, ApprovedStep = state.Step, Since = now, Reason = why }),
        RolloutVerb.Reject => (DecisionKind.Rejected, RolloutTransitions.ToRollingBack(state, why, now)),
        RolloutVerb.Promote => (DecisionKind.Promoting, RolloutTransitions.ToPromoting(spec, state, why, now)),
        RolloutVerb.Rollback => (DecisionKind.RollingBack, RolloutTransitions.ToRollingBack(state, why, now)),
        RolloutVerb.Retry => (
            DecisionKind.Retried,
            RolloutTransitions.ToStep(spec, state, 0, why, now) with
            {
                Attempt = state.Attempt + 1,
                EvidenceEpoch = state.EvidenceEpoch + 1,
                TargetProven = false,
                ExposureSpent = 0,
                ExposureChunk = 0,
                Alerted = [],
            }),
        RolloutVerb.Finalize => throw new InvalidOperationException("Finalize changes no state."),
    };

    private static VerbRule Start(RolloutPhase phase)
    {
        const RolloutVerb Verb = RolloutVerb.Start;
        return phase switch
        {
            RolloutPhase.Planned => Does(phase, Verb, RolloutPhase.Running, "Begins the first step."),
            RolloutPhase.Running or RolloutPhase.Holding or RolloutPhase.AwaitingApproval or RolloutPhase.Promoting or RolloutPhase.Watching =>
                Nothing(phase, Verb, "It is already started."),
            RolloutPhase.Paused => No(phase, Verb, "It is paused; resume it."),
            RolloutPhase.Frozen => No(phase, Verb, "It is frozen because a gate found harm; resume, retry or roll back."),
            RolloutPhase.Completed => No(phase, Verb, "It is completed; finalize it, or declare a new migration."),
            RolloutPhase.RollingBack => No(phase, Verb, "It is rolling back; retry it once it has."),
            RolloutPhase.RolledBack => No(phase, Verb, "It was rolled back; retry it."),
            RolloutPhase.Failed => No(phase, Verb, "It failed; mend the source, then retry it."),
        };
    }

    private static VerbRule Pause(RolloutPhase phase)
    {
        const RolloutVerb Verb = RolloutVerb.Pause;
        return phase switch
        {
            RolloutPhase.Planned => No(phase, Verb, "It is not started, so nothing advances; start it."),
            RolloutPhase.Running or RolloutPhase.Holding or RolloutPhase.AwaitingApproval =>
                Does(phase, Verb, RolloutPhase.Paused, "Keeps the weight; harm is still judged."),
            RolloutPhase.Watching => Does(phase, Verb, RolloutPhase.Paused, "Keeps the source's hold-back; harm is still judged."),
            RolloutPhase.Paused => Nothing(phase, Verb, "It is already paused."),
            RolloutPhase.Frozen => Nothing(phase, Verb, "It is frozen, which stops it already."),
            RolloutPhase.Promoting => No(phase, Verb, "The promotion is being published; pause it while it watches, or roll back."),
            RolloutPhase.RollingBack => No(phase, Verb, "A rollback is not paused."),
            RolloutPhase.Completed or RolloutPhase.RolledBack or RolloutPhase.Failed => No(phase, Verb, "It has ended; there is nothing to pause."),
        };
    }

    private static VerbRule Resume(RolloutPhase phase)
    {
        const RolloutVerb Verb = RolloutVerb.Resume;
        return phase switch
        {
            RolloutPhase.Planned => No(phase, Verb, "It is not started; start it."),
            RolloutPhase.Running or RolloutPhase.Holding or RolloutPhase.AwaitingApproval or RolloutPhase.Promoting or RolloutPhase.Watching =>
                Nothing(phase, Verb, "It is not stopped."),
            RolloutPhase.Paused => Does(phase, Verb, RolloutPhase.Running, "Goes on in the phase that was paused, with its whole patience; the evidence goes on."),
            RolloutPhase.Frozen => Does(phase, Verb, RolloutPhase.Running, "Goes on in the phase that was frozen; freezes again while a gate still says worse."),
            RolloutPhase.RollingBack => No(phase, Verb, "It is rolling back; retry it once it has."),
            RolloutPhase.Completed => No(phase, Verb, "It is completed; finalize it."),
            RolloutPhase.RolledBack => No(phase, Verb, "It was rolled back; retry it."),
            RolloutPhase.Failed => No(phase, Verb, "It failed; mend the source, then retry it."),
        };
    }

    private static VerbRule Approval(RolloutPhase phase, RolloutVerb verb, RolloutPhase next, string text) => phase switch
    {
        RolloutPhase.AwaitingApproval => Does(phase, verb, next, text),
        RolloutPhase.Running or RolloutPhase.Holding or RolloutPhase.Paused or RolloutPhase.Frozen =>
            No(phase, verb, "No approval is asked for now; it is asked once the step's gates pass. Promote or roll back to decide earlier."),
        RolloutPhase.Promoting or RolloutPhase.Watching => No(phase, verb, "The target is already promoted; roll back if it should not be."),
        RolloutPhase.Planned => No(phase, verb, "It is not started; start it."),
        RolloutPhase.RollingBack or RolloutPhase.RolledBack or RolloutPhase.Failed => No(phase, verb, "It was taken back; retry it."),
        RolloutPhase.Completed => No(phase, verb, "It is completed; finalize it."),
    };

    private static VerbRule Promote(RolloutPhase phase)
    {
        const RolloutVerb Verb = RolloutVerb.Promote;
        return phase switch
        {
            RolloutPhase.Planned => No(phase, Verb, "It is not started; start it."),
            RolloutPhase.Running or RolloutPhase.Holding or RolloutPhase.AwaitingApproval or RolloutPhase.Paused or RolloutPhase.Frozen =>
                Does(phase, Verb, RolloutPhase.Promoting, "Sends all but the hold-back to the target on the operator's word, without the gates."),
            RolloutPhase.Promoting or RolloutPhase.Watching or RolloutPhase.Completed => Nothing(phase, Verb, "It is already promoted."),
            RolloutPhase.RollingBack => No(phase, Verb, "It is rolling back; retry it once it has."),
            RolloutPhase.RolledBack => No(phase, Verb, "It was rolled back; retry it."),
            RolloutPhase.Failed => No(phase, Verb, "It failed; mend the source, then retry it."),
        };
    }

    private static VerbRule Rollback(RolloutPhase phase)
    {
        const RolloutVerb Verb = RolloutVerb.Rollback;
        return phase switch
        {
            RolloutPhase.Planned => Nothing(phase, Verb, "It is not started; the source has all traffic."),
            RolloutPhase.Running or RolloutPhase.Holding or RolloutPhase.AwaitingApproval or RolloutPhase.Paused or RolloutPhase.Frozen
                or RolloutPhase.Promoting or RolloutPhase.Watching => Does(phase, Verb, RolloutPhase.RollingBack, "Sends all traffic back to the source at once."),
            RolloutPhase.RollingBack => Nothing(phase, Verb, "It is already rolling back."),
            RolloutPhase.RolledBack or RolloutPhase.Failed => Nothing(phase, Verb, "All traffic is on the source already."),
            RolloutPhase.Completed => No(phase, Verb, "It is completed and the source is released; declare a migration back."),
        };
    }

    private static VerbRule Retry(RolloutPhase phase)
    {
        const RolloutVerb Verb = RolloutVerb.Retry;
        return phase switch
        {
            RolloutPhase.Planned => No(phase, Verb, "It was not tried yet; start it."),
            RolloutPhase.Running or RolloutPhase.Holding or RolloutPhase.AwaitingApproval or RolloutPhase.Paused or RolloutPhase.Frozen
                or RolloutPhase.RolledBack or RolloutPhase.Failed =>
                Does(phase, Verb, RolloutPhase.Running, "Begins a new attempt at the first step, with the file's specification and new evidence."),
            RolloutPhase.Promoting or RolloutPhase.Watching => No(phase, Verb, "The target is promoted; wait until it is completed, or roll back."),
            RolloutPhase.RollingBack => No(phase, Verb, "It is rolling back; retry it once it has."),
            RolloutPhase.Completed => No(phase, Verb, "It is completed; declare a new migration."),
        };
    }

    private static VerbRule Finish(RolloutPhase phase)
    {
        const RolloutVerb Verb = RolloutVerb.Finalize;
        return phase switch
        {
            RolloutPhase.Completed or RolloutPhase.RolledBack or RolloutPhase.Failed => Nothing(phase, Verb, "Says what to write in the file so that it agrees with the state."),
            RolloutPhase.Planned => No(phase, Verb, "It is not started; remove it from the file to drop it."),
            RolloutPhase.Running or RolloutPhase.Holding or RolloutPhase.AwaitingApproval or RolloutPhase.Paused or RolloutPhase.Frozen
                or RolloutPhase.Promoting or RolloutPhase.Watching or RolloutPhase.RollingBack => No(phase, Verb, "It has not ended; promote or roll back first."),
        };
    }

    private static VerbRule Does(RolloutPhase phase, RolloutVerb verb, RolloutPhase next, string text) => new(phase, verb, next, Refused: false, text);

    private static VerbRule Nothing(RolloutPhase phase, RolloutVerb verb, string text) => new(phase, verb, Next: null, Refused: false, text);

    private static VerbRule No(RolloutPhase phase, RolloutVerb verb, string text) => new(phase, verb, Next: null, Refused: true, text);
}
