using System.Diagnostics;
using ModelMigrate.Core.Routing;
using ModelMigrate.Core.Routing.Rules;
using ModelMigrate.Core.Routing.Strategies;
using ModelMigrate.Providers.Exchange.Bodies;

namespace ModelMigrate.Providers.Exchange;

/// <summary>One client request as the exchange takes it: read, checked, and bound to the one snapshot that it is served by.</summary>
public sealed record ExchangeRequest
{
    public required RoutingSnapshot Snapshot { get; init; }

    /// <summary>The route asked for; belongs to <see cref="Snapshot"/>.</summary>
    public required RouteSnapshot Route { get; init; }

    /// <summary>The sticky key's text.</summary>
    public required ReadOnlyMemory<byte> Key { get; init; }

    public required ChatBody Body { get; init; }

    /// <summary>The route's rule that the request falls under, or null.</summary>
    public RouteRule? Rule { get; init; }

    /// <summary>The strategy that the client asks for; null for the route's.</summary>
    public EndpointStrategy? Strategy { get; init; }

    /// <summary>The client's headers that may leave the gateway.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>The span that those of its attempts stand below, or null when none are made.</summary>
    public Activity? Span { get; init; }
}
