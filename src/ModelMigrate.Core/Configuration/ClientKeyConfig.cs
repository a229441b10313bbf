using ModelMigrate.Core.Routing;
using ModelMigrate.Core.Routing.Clients;

namespace ModelMigrate.Core.Configuration;

/// <summary>One client that may call the gateway, known by the hash of its key.</summary>
/// <param name="Name">For logs and metrics.</param>
/// <param name="Sha256">SHA-256 of the key's UTF-8 bytes, lower-case hex.</param>
public sealed record ClientKeyConfig(string Name, string Sha256)
{
    /// <summary>Whose answers it may be given again. Default: its own name.</summary>
    public string Tenant { get; init; } = Name;

    /// <summary>The routes that it may name; null for all.</summary>
    public IReadOnlyList<RouteId>? Routes { get; init; }

    public ClientLimits Limits { get; init; } = ClientLimits.None;

    public IReadOnlyList<Budget> Budgets { get; init; } = [];

    /// <summary>A disabled key is refused, and stays in the file with all that was agreed on.</summary>
    public bool Disabled { get; init; }
}
