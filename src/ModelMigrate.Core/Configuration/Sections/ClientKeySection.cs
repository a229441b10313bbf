using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Routing;
using ModelMigrate.Core.Routing.Clients;

namespace ModelMigrate.Core.Configuration.Sections;

/// <summary>Reads <c>clientKeys</c>: who may call the gateway, which routes, how fast and for how much.</summary>
internal static class ClientKeySection
{
    public static IReadOnlyList<ClientKeyConfig> Read(MapReader file, Declared<RouteConfig> routes)
    {
        var keys = new List<ClientKeyConfig>();
        foreach (var (node, path) in file.Items("clientKeys") ?? [])
        {
            if (file.Of(node, node, path) is not { } key || node.IsNull)
            {
                file.Problems.Error(node, path, "wrong-type", $"{path} must be a group of keys, not {node.Kind}.", "Write '- name: app' and 'sha256: <hash>'.");
                continue;
            }

            var name = key.Text("name");
            key.Missing("name", "Write a name for this client; it is shown in logs and metrics.");
            var hash = Hash(key);
            if (name is not null && keys.Exists(other => string.Equals(other.Name, name, StringComparison.Ordinal)))
            {
                file.Problems.Error(key.At("name"), key.PathOf("name"), "duplicate-name", $"Another client is already named '{MapReader.Shown(name)}'.", "Give each its own name.");
            }

            if (hash.Length > 0 && keys.Exists(other => string.Equals(other.Sha256, hash, StringComparison.Ordinal)))
            {
                file.Problems.Error(
                    key.At("sha256"), key.PathOf("sha256"), "duplicate-key-hash", $"{key.PathOf("sha256")} is the key of another client, too.", "Make each client a key of its own: model-migrate keys new.");
            }

            keys.Add(new ClientKeyConfig(name ?? "", hash)
            {
                Tenant = key.Text("tenant") ?? name ?? "",
                Routes = Routes(key, routes),
                Limits = Limits(key.Group("limits")),
                Budgets = BudgetSection.Read(key),
                Disabled = key.Flag("disabled") ?? false,
            });
            key.Finish();
        }

        return keys;
    }

    private static string Hash(MapReader key)
    {
        var hash = key.Text("sha256");
        key.Missing("sha256", "Write the key's hash; model-migrate keys new makes a key and prints it.");
        if (hash is null || (hash.Length == 64 && hash.All(char.IsAsciiHexDigit)))
        {
            return hash?.ToLowerInvariant() ?? "";
        }

        // Not shown: somebody may have written the key itself.
        key.Problems.Error(
            key.At("sha256"), key.PathOf("sha256"), "bad-hash", $"{key.PathOf("sha256")} is not 64 hexadecimal digits.",
            "Write the key's hash, never the key: printf %s \"$KEY\" | sha256sum.");
        return "";
    }

    private static List<RouteId>? Routes(MapReader key, Declared<RouteConfig> routes)
    {
        if (key.Items("routes") is not { } items)
        {
            return null;
        }

        var allowed = new List<RouteId>();
        foreach (var (node, path) in items)
        {
            if (key.TextOf(node, node, path) is { } name && Reference.Exists(key.Problems, node, path, "route", name, routes.Names))
            {
                allowed.Add(new RouteId(name));
            }
        }

        if (items.Count == 0)
        {
            key.Problems.Error(
                key.At("routes"), key.PathOf("routes"), "no-routes", $"{key.PathOf("routes")} is empty, so that the key opens nothing.", "Name routes, leave the key out for all of them, or write 'disabled: true'.");
        }

        return allowed;
    }

    private static ClientLimits Limits(MapReader limits)
    {
        var read = new ClientLimits
        {
            RequestsPerMinute = limits.Count("requestsPerMinute", 1, 10_000_000),
            TokensPerMinute = limits.Count("tokensPerMinute", 1, int.MaxValue),
            MaxConcurrent = limits.Count("maxConcurrent", 1, 1_000_000),
        };
        limits.Finish();
        return read;
    }
}
