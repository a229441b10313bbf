using System.Diagnostics;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Providers.Exchange.Bodies;

namespace ModelMigrate.Providers.Exchange.Forwarded;

/// <summary>A request that is sent on as it is.</summary>
public sealed record ForwardedRequest
{
    /// <summary>Whose provider is asked.</summary>
    public required ModelSnapshot Model { get; init; }

    public required HttpMethod Method { get; init; }

    /// <summary>Path and query behind <c>/v1</c>, with their leading slash.</summary>
    public required string Path { get; init; }

    /// <summary>A body in which the model's name is replaced, or null.</summary>
    public ChatBody? Body { get; init; }

    /// <summary>A body that is sent as it is, or null. Disposed with the call.</summary>
    public HttpContent? Content { get; init; }

    public required RouteLimits Limits { get; init; }

    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>The span of the client's request, or null when none is made.</summary>
    public Activity? Span { get; init; }
}
