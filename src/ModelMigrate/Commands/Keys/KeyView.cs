using ModelMigrate.Core.Configuration;
using ModelMigrate.Core.Routing.Clients;

namespace ModelMigrate.Commands.Keys;

/// <summary>One client as <c>keys list --json</c> writes it.</summary>
internal sealed record KeyView(
    string Name, string Sha256, string Tenant, IReadOnlyList<string>? Routes, ClientLimits Limits, IReadOnlyList<Budget> Budgets, bool Disabled)
{
    public static KeyView Of(ClientKeyConfig key) =>
        new(key.Name, key.Sha256, key.Tenant, key.Routes?.Select(static route => route.Value).ToArray(), key.Limits, key.Budgets, key.Disabled);
}
