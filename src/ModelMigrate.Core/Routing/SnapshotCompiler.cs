using System.Collections.Frozen;
using ModelMigrate.Core.Routing.Clients;

namespace ModelMigrate.Core.Routing;

/// <summary>Makes one immutable <see cref="RoutingSnapshot"/> of routes that already carry their splits.</summary>
public static class SnapshotCompiler
{
    /// <param name="revision">Greater than the current snapshot's.</param>
    /// <param name="cause">Why it is published, in words.</param>
    /// <param name="at">When.</param>
    /// <param name="routes">The routes, each id once.</param>
    /// <param name="clients">The clients that may call, by the SHA-256 of their keys.</param>
    /// <param name="allowsAnonymous">Whether those without a known key are served too.</param>
    /// <param name="controlTimeout">How long unproven targets serve without a sign of life from Control.</param>
    public static RoutingSnapshot Compile(
        long revision,
        string cause,
        DateTimeOffset at,
        IEnumerable<RouteSnapshot> routes,
        FrozenDictionary<string, ClientSnapshot> clients,
        bool allowsAnonymous,
        TimeSpan controlTimeout) => new()
        {
            Revision = revision,
            Cause = cause,
            At = at,
            Routes = routes.ToFrozenDictionary(r => r.Id.Value, StringComparer.Ordinal),
            Clients = clients,
            AllowsAnonymous = allowsAnonymous,
            ControlTimeout = controlTimeout,
        };
}
