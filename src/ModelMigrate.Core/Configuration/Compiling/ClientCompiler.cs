using System.Collections.Frozen;
using ModelMigrate.Core.Routing.Clients;

namespace ModelMigrate.Core.Configuration.Compiling;

/// <summary>Makes the table of clients that the data plane looks keys up in.</summary>
public static class ClientCompiler
{
    /// <summary>Clients by the SHA-256 of their keys, lower-case hex; disabled ones are left out.</summary>
    public static FrozenDictionary<string, ClientSnapshot> Compile(IEnumerable<ClientKeyConfig> keys) =>
        keys.Where(static key => !key.Disabled).ToFrozenDictionary(static key => key.Sha256, Compile, StringComparer.Ordinal);

    private static ClientSnapshot Compile(ClientKeyConfig key) => new()
    {
        Name = key.Name,
        Tenant = key.Tenant,
        Routes = key.Routes?.Select(static route => route.Value).ToFrozenSet(StringComparer.Ordinal),
        Limits = key.Limits,
        Budgets = key.Budgets,
    };
}
