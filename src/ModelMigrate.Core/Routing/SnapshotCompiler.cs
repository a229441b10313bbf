using System.Collections.Frozen;

namespace ModelMigrate.Core.Routing;

/// <summary>Makes one immutable <see cref="RoutingSnapshot"/> of routes that already carry their splits.</summary>
public static class SnapshotCompiler
{
    /// <param name="revision">Greater than the current snapshot's.</param>
    /// <param name="cause">Why it is published, in words.</param>
    /// <param name="at">When.</param>
    /// <param name="routes">The routes, each id once.</param>
    /// <param name="clientKeyHashes">SHA-256 of the client keys, lower-case hex, or null to allow anonymous clients.</param>
    /// <param name="controlTimeout">How long unproven targets serve without a sign of life from Control.</param>
    public static RoutingSnapshot Compile(
        long revision,
        string cause,
        DateTimeOffset at,
        IEnumerable<RouteSnapshot> routes,
        IEnumerable<string>? clientKeyHashes,
        TimeSpan controlTimeout) => new()
        {
            Revision = revision,
            Cause = cause,
            At = at,
            Routes = routes.ToFrozenDictionary(r => r.Id.Value, StringComparer.Ordinal),
            ClientKeyHashes = clientKeyHashes?.ToFrozenSet(StringComparer.Ordinal),
            ControlTimeout = controlTimeout,
        };
}
