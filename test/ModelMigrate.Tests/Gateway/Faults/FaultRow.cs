using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Routing;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Gateway.Faults;

/// <summary>One line of the fault matrix: what the route's model does, and what must come of it.</summary>
internal sealed record FaultRow
{
    /// <summary>The fault, in the words of the guide.</summary>
    public required string Fault { get; init; }

    /// <summary>What else the route has: a fallback, a key of its configuration; in the words of the guide.</summary>
    public string With { get; init; } = "";

    /// <summary>Which requests meet it: streamed, whole, or both alike.</summary>
    public bool? Streamed { get; init; }

    /// <summary>Between which protocols, the client's and the provider's, it is so; all by default.</summary>
    public Func<FaultClient, FaultProtocol, bool> Pairs { get; init; } = static (_, _) => true;

    /// <summary>What the model does at its n-th call, counted from 1, in the protocol that it speaks.</summary>
    public required Func<FaultProtocol, bool, int, StubUpstream.Answer> Model { get; init; }

    /// <summary>What the other model answers; null for the whole answer.</summary>
    public Func<FaultProtocol, StubUpstream.Answer>? Other { get; init; }

    /// <summary>Whether the route has a fallback, which always answers.</summary>
    public bool HasFallback { get; init; }

    /// <summary>Whether the route has a model with a larger context, which always answers.</summary>
    public bool HasLarger { get; init; }

    public Func<RouteSnapshot, RouteSnapshot> Route { get; init; } = route => route;

    /// <summary>Whether a client of responses lets its provider keep the answer, as it does where it says nothing.</summary>
    public bool IsKept { get; init; } = true;

    /// <summary>What the client has before the provider falls silent; null when that is nothing.</summary>
    public string? WaitsAfter { get; init; }

    /// <summary>What happens when the provider waits: null lets the limit pass that is running.</summary>
    public Action<ManualClock, StubUpstream.Received>? OnWaiting { get; init; }

    /// <summary>What the client must see.</summary>
    public required string Sees { get; init; }

    /// <summary>Calls of the route's model, then of the other one.</summary>
    public required (int Model, int Other) Calls { get; init; }

    /// <summary>Seconds on the driven clock, at least and at most.</summary>
    public required (double Least, double Most) Took { get; init; }

    /// <summary>What the request's arm is charged with.</summary>
    public required Outcome Charged { get; init; }

    public string Name => With.Length == 0 ? Fault : $"{Fault}; {With}";
}
