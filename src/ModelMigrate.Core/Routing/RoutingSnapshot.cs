using System.Collections.Frozen;
using ModelMigrate.Core.Routing.Clients;

namespace ModelMigrate.Core.Routing;

/// <summary>Everything that the data plane needs to serve, as one immutable value. A request reads one and carries it to its end.</summary>
public sealed record RoutingSnapshot
{
    public static RoutingSnapshot Empty { get; } = new()
    {
        Revision = 0,
        Cause = "start",
        At = DateTimeOffset.UnixEpoch,
        Routes = FrozenDictionary<string, RouteSnapshot>.Empty,
    };

    /// <summary>Grows by at least one with every publish.</summary>
    public required long Revision { get; init; }

    /// <summary>Why it was published, in words: <c>configuration</c>, <c>MIG-…: step 2</c>.</summary>
    public required string Cause { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Routes by the exact model name that clients ask for.</summary>
    public required FrozenDictionary<string, RouteSnapshot> Routes { get; init; }

    /// <summary>The clients that may call, by the SHA-256 of their keys in lower-case hex.</summary>
    public FrozenDictionary<string, ClientSnapshot> Clients { get; init; } = FrozenDictionary<string, ClientSnapshot>.Empty;

    /// <summary>Whether those without a known key are served too, without limits of their own.</summary>
    public bool AllowsAnonymous { get; init; } = true;

    /// <summary>How long unproven targets keep serving without a sign of life from Control. Default 30 s.</summary>
    public TimeSpan ControlTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
