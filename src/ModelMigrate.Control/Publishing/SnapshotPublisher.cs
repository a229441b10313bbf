using ModelMigrate.Control.Storage;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Configuration;
using ModelMigrate.Core.Configuration.Compiling;
using ModelMigrate.Core.Rollouts;
using ModelMigrate.Core.Routing;
using ModelMigrate.Core.Routing.Policies;

namespace ModelMigrate.Control.Publishing;

/// <summary>The only writer of routing snapshots. Called by the rollout loop alone.</summary>
internal sealed class SnapshotPublisher(SnapshotFeed feed, HybridExposure exposure, TimeProvider time)
{
    /// <summary>
    /// Compiles and swaps in what configuration and rollouts say together; when it returns, every request that starts sees it.
    /// A rollout whose route or models the configuration lacks is left out.
    /// </summary>
    public RoutingSnapshot Publish(LoadedConfig loaded, IEnumerable<PublishedRollout> rollouts, string cause)
    {
        var routes = loaded.Config.Routes.ToDictionary(route => route.Id, route => RouteCompiler.Compile(route, loaded.Catalog));
        // An active rollout is applied last: one that ended earlier on the same route must not hide it.
        foreach (var rollout in rollouts.OrderBy(item => item.State.IsActive).ThenBy(item => item.State.Since))
        {
            var (spec, state) = (rollout.Spec, rollout.State);
            if (routes.TryGetValue(spec.Route, out var route)
                && loaded.Catalog.TryGetValue(state.ServedBy ?? spec.Source, out var source)
                && loaded.Catalog.TryGetValue(spec.Target, out var target))
            {
                routes[spec.Route] = RolloutSplit.Apply(route with { Split = null }, spec, state, source, target, rollout.Allowance);
            }
        }

        var config = loaded.Config;
        foreach (var hybrid in config.Hybrids.Where(hybrid => routes.TryGetValue(hybrid.Route, out var route) && route.Split is null))
        {
            routes[hybrid.Route] = WithHybrid(routes[hybrid.Route], hybrid, loaded.Catalog[hybrid.To]);
        }

        var snapshot = SnapshotCompiler.Compile(
            feed.Current.Revision + 1,
            cause,
            time.GetUtcNow(),
            routes.Values,
            ClientCompiler.Compile(config.ClientKeys),
            config.AllowAnonymousClients || config.ClientKeys.Count == 0,
            config.ControlTimeout);
        CrashPoint.Pass(CrashPoint.Publish);
        if (!feed.TryPublish(snapshot))
        {
            throw new InvalidOperationException("Somebody else publishes snapshots.");
        }

        CrashPoint.Pass(CrashPoint.Publish);
        return snapshot;
    }

    private RouteSnapshot WithHybrid(RouteSnapshot route, HybridConfig hybrid, ModelSnapshot target) => route with
    {
        Split = new SplitSnapshot
        {
            Migration = hybrid.Id,
            Attempt = HybridExposure.Attempt,
            Seed = RolloutSpecFactory.SeedOf(hybrid.Id),
            WeightPpm = hybrid.Mode == HybridMode.LegacyPrimary ? 0 : SplitSnapshot.Total,
            Source = route.Model,
            Target = target,
            TargetProven = false,
            Allowance = exposure.Of(hybrid),
            Hybrid = hybrid.Mode,
        },
    };
}
