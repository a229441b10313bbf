using System.Collections.Frozen;

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

    /// <summary>SHA-256 of the client keys that may call, lower-case hex; null when anonymous clients are allowed.</summary>
    public FrozenSet<string>? ClientKeyHashes { get; init; }

    /// <summary>How long unproven targets keep serving without a sign of life from Control. Default 30 s.</summary>
    public TimeSpan ControlTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
