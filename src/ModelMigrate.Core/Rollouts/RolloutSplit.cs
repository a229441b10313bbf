using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Routing;
using ModelMigrate.Core.Routing.Policies;

namespace ModelMigrate.Core.Rollouts;

/// <summary>Turns where a rollout stands into how its route divides traffic.</summary>
public static class RolloutSplit
{
    /// <summary>
    /// <paramref name="route"/> as the rollout wants it. A planned rollout leaves it alone; one under way splits it; one that
    /// failed or was rolled back keeps a split at 0, which also tells the gateway what becomes of answers in flight; a completed
    /// one serves the target, with the source as its first fallback, whatever the file still says.
    /// </summary>
    public static RouteSnapshot Apply(RouteSnapshot route, RolloutSpec spec, RolloutState state, ModelSnapshot source, ModelSnapshot target, Allowance? allowance) =>
        state.Phase switch
        {
            RolloutPhase.Planned => route,
            RolloutPhase.Running or RolloutPhase.Holding or RolloutPhase.AwaitingApproval or RolloutPhase.Paused or RolloutPhase.Frozen
                or RolloutPhase.Promoting or RolloutPhase.Watching => Split(route, spec, state, source, target, allowance, state.WeightPpm),
            RolloutPhase.RollingBack or RolloutPhase.RolledBack or RolloutPhase.Failed =>
                Split(route, spec, state, source, target, allowance, weightPpm: 0),
            RolloutPhase.Completed => route with { Model = target, Fallback = [source, .. route.Fallback.Where(m => m.Id != target.Id && m.Id != source.Id)] },
        };

    private static RouteSnapshot Split(
        RouteSnapshot route, RolloutSpec spec, RolloutState state, ModelSnapshot source, ModelSnapshot target, Allowance? allowance, int weightPpm) =>
        route with
        {
            Model = source,
            InFlight = spec.InFlight,
            Split = new SplitSnapshot
            {
                Migration = spec.Id,
                Attempt = state.Attempt,
                Seed = spec.Seed,
                WeightPpm = weightPpm,
                Source = source,
                Target = target,
                TargetProven = state.TargetProven && weightPpm > 0,
                Allowance = allowance,
                Signals = Judge.SignalsFor(spec.Gates, spec.HardStops),
                CutTarget = weightPpm == 0 && spec.InFlight == InFlightPolicy.Cut,
            },
        };
}
