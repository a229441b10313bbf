using ModelMigrate.Core.Routing;

namespace ModelMigrate.Core.Rollouts;

/// <summary>The transitions that the controller makes when it has carried a decision out.</summary>
public static class RolloutTransitions
{
    private const string Controller = "controller";

    /// <summary>Promoting → watching, once the promotion's snapshot is live. Throws in another phase.</summary>
    public static Decision Promoted(RolloutSpec spec, RolloutState state, DateTimeOffset now) => Make(
        state, RolloutPhase.Promoting, RolloutPhase.Watching, DecisionKind.Watching, now,
        $"The promotion is live; the source keeps {Percent(spec.HoldBackPpm)} for {spec.Watch.TotalSeconds:0} s.");

    /// <summary>Rolling back → rolled back, once the rollback's snapshot is live and the source answered a probe. Throws in another phase.</summary>
    public static Decision RolledBack(RolloutSpec spec, RolloutState state, DateTimeOffset now) => Make(
        state, RolloutPhase.RollingBack, RolloutPhase.RolledBack, DecisionKind.RolledBack, now,
        $"All traffic is on {spec.Source} again. {state.Reason}");

    /// <summary>Rolling back → failed: the snapshot is live but the source does not serve. Throws in another phase.</summary>
    public static Decision Failed(RolloutSpec spec, RolloutState state, string reason, DateTimeOffset now) => Make(
        state, RolloutPhase.RollingBack, RolloutPhase.Failed, DecisionKind.Failed, now,
        $"All traffic is on {spec.Source} again, but it does not serve: {reason}");

    /// <summary>The state that sends everything back to the source; its publication is the rollback.</summary>
    internal static RolloutState ToRollingBack(RolloutState state, string reason, DateTimeOffset now) => state with
    {
        Phase = RolloutPhase.RollingBack,
        WeightPpm = 0,
        TargetProven = false,
        Interrupted = null,
        ApprovedStep = null,
        Since = now,
        Reason = reason,
    };

    /// <summary>The state that sends everything but the hold-back to the target.</summary>
    internal static RolloutState ToPromoting(RolloutSpec spec, RolloutState state, string reason, DateTimeOffset now) => state with
    {
        Phase = RolloutPhase.Promoting,
        Step = Math.Max(0, spec.Steps.Count - 1),
        WeightPpm = SplitSnapshot.Total - Math.Clamp(spec.HoldBackPpm, 0, SplitSnapshot.Total),
        TargetProven = true,
        Interrupted = null,
        ApprovedStep = null,
        Since = now,
        Reason = reason,
    };

    /// <summary>The state that begins a step.</summary>
    internal static RolloutState ToStep(RolloutSpec spec, RolloutState state, int step, string reason, DateTimeOffset now) => state with
    {
        Phase = RolloutPhase.Running,
        Step = step,
        WeightPpm = Math.Clamp(spec.Steps[step].WeightPpm, 0, SplitSnapshot.Total),
        Interrupted = null,
        ApprovedStep = null,
        Since = now,
        StepSince = now,
        Reason = reason,
    };

    internal static string Percent(int ppm) => $"{ppm / 10_000.0:0.####} %";

    private static Decision Make(RolloutState state, RolloutPhase from, RolloutPhase to, string kind, DateTimeOffset now, string reason)
    {
        if (state.Phase != from)
        {
            throw new InvalidOperationException($"{state.Id} is {state.Phase}, not {from}.");
        }

        return new Decision
        {
            Kind = kind,
            Next = state with { Phase = to, Since = now, Reason = reason },
            Actor = Controller,
            Reason = reason,
        };
    }
}
