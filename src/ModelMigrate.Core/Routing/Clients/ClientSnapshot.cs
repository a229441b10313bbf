using System.Collections.Frozen;

namespace ModelMigrate.Core.Routing.Clients;

/// <summary>One client that may call, found by the hash of its key.</summary>
public sealed record ClientSnapshot
{
    /// <summary>For logs and metrics; each client has its own.</summary>
    public required string Name { get; init; }

    /// <summary>Whose answers it may be given again. Clients of one tenant share them.</summary>
    public required string Tenant { get; init; }

    /// <summary>The routes that it may name, or null for all.</summary>
    public FrozenSet<string>? Routes { get; init; }

    public ClientLimits Limits { get; init; } = ClientLimits.None;

    public IReadOnlyList<Budget> Budgets { get; init; } = [];

    public bool MayUse(RouteId route) => Routes is null || Routes.Contains(route.Value);
}
