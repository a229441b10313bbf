using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Routing.Rules;

namespace ModelMigrate.Core.Routing;

/// <summary>
/// Assigns each request to an arm: the migration's split by sticky key, within the exposure allowance, and only while Control
/// lives. Whatever it cannot count goes to the safe arm. A rule stands before the split, and what it assigns is in neither arm's counts.
/// </summary>
public sealed class Router(SnapshotFeed feed, ObservationStream observations)
{
    /// <summary>
    /// Assigns a request on <paramref name="route"/>, which belongs to <paramref name="snapshot"/>. <paramref name="key"/> is the
    /// sticky key's text. <paramref name="targetCanServe"/> is false when the target's protocol cannot carry the request, <paramref name="isTargets"/>
    /// is true when only the target's provider can go on with the conversation; neither is evidence. <paramref name="rule"/> is the route's rule that
    /// the request falls under, or null.
    /// </summary>
    public Assignment Assign(
        RoutingSnapshot snapshot, RouteSnapshot route, ReadOnlySpan<byte> key, bool targetCanServe = true, bool isTargets = false, RouteRule? rule = null)
    {
        if (rule is not null && !isTargets)
        {
            return ByRule(snapshot, route, rule, targetCanServe);
        }

        if (route.Split is not { } split)
        {
            return new Assignment { Snapshot = snapshot, Route = route, Arm = Arm.Source, Model = route.Model };
        }

        if (isTargets)
        {
            return Assigned(snapshot, route, split, Arm.Target);
        }

        if (split.WeightPpm <= 0 || !targetCanServe)
        {
            return Assigned(snapshot, route, split, Arm.Source);
        }

        var arm = Bucketing.Bucket(key, split.Seed) < split.WeightPpm ? Arm.Target : Arm.Source;
        if (!split.TargetProven && !feed.IsControlAlive)
        {
            return Assigned(snapshot, route, split, split.Safe);
        }

        if (arm == Arm.Target && !split.TargetProven && split.Allowance is { } allowance && !allowance.TryTake())
        {
            return Assigned(snapshot, route, split, Arm.Source);
        }

        if (split.Hybrid is not null)
        {
            return Assigned(snapshot, route, split, arm);
        }

        return observations.TryAdmit(
            split.Migration, split.Attempt, snapshot.Revision, split.WeightPpm, arm, Bucketing.Identity(key), out var admission)
            ? Assigned(snapshot, route, split, arm) with { Admission = admission }
            : Assigned(snapshot, route, split, split.Safe);
    }

    /// <summary>An unproven target is met by a rule as by the split: while Control lives, and out of the exposure budget.</summary>
    private Assignment ByRule(RoutingSnapshot snapshot, RouteSnapshot route, RouteRule rule, bool targetCanServe)
    {
        var split = route.Split;
        if (rule.Model is { } model && model.Id != split?.Target.Id)
        {
            return new Assignment { Snapshot = snapshot, Route = route, Arm = Arm.Source, Model = model };
        }

        if (split is null)
        {
            return new Assignment { Snapshot = snapshot, Route = route, Arm = Arm.Source, Model = route.Model };
        }

        var meetsTarget = rule.To != RuleDestination.Source && split.WeightPpm > 0 && targetCanServe
            && (split.TargetProven || (feed.IsControlAlive && split.Allowance?.TryTake() != false));
        return Assigned(snapshot, route, split, meetsTarget ? Arm.Target : Arm.Source);
    }

    private static Assignment Assigned(RoutingSnapshot snapshot, RouteSnapshot route, SplitSnapshot split, Arm arm) => new()
    {
        Snapshot = snapshot,
        Route = route,
        Arm = arm,
        Model = arm == Arm.Target ? split.Target : split.Source,
    };
}
