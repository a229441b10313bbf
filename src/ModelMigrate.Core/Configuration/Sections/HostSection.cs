using ModelMigrate.Core.Configuration.Reading;

namespace ModelMigrate.Core.Configuration.Sections;

/// <summary>Reads who may call: <c>clientKeys</c> and <c>admin</c>; and <c>telemetry</c>.</summary>
internal static class HostSection
{
    public static IReadOnlyList<ClientKeyConfig> ReadClientKeys(MapReader file)
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
            var hash = key.Text("sha256");
            key.Missing("sha256", "Write the key's hash: printf %s \"$KEY\" | sha256sum.");
            if (hash is not null && (hash.Length != 64 || !hash.All(char.IsAsciiHexDigit)))
            {
                // Not shown: somebody may have written the key itself.
                file.Problems.Error(
                    key.At("sha256"), key.PathOf("sha256"), "bad-hash", $"{key.PathOf("sha256")} is not 64 hexadecimal digits.",
                    "Write the key's hash, never the key: printf %s \"$KEY\" | sha256sum.");
                hash = null;
            }

            if (name is not null && keys.Exists(other => string.Equals(other.Name, name, StringComparison.Ordinal)))
            {
                file.Problems.Error(key.At("name"), key.PathOf("name"), "duplicate-name", $"Another client is already named '{MapReader.Shown(name)}'.", "Give each its own name.");
            }

            keys.Add(new(name ?? "", hash?.ToLowerInvariant() ?? ""));
            key.Finish();
        }

        return keys;
    }

    public static AdminConfig ReadAdmin(MapReader file)
    {
        var admin = file.Group("admin");
        var config = new AdminConfig
        {
            Token = admin.Credential("token", "MODEL_MIGRATE_ADMIN_TOKEN"),
            Hosts = [.. Hosts(admin)],
            OpenMetrics = admin.Flag("openMetrics") ?? false,
        };
        admin.Finish();
        return config;
    }

    public static TelemetryConfig ReadTelemetry(MapReader file)
    {
        var telemetry = file.Group("telemetry");
        var config = new TelemetryConfig { Otlp = telemetry.Url("otlp", "http://127.0.0.1:4318") };
        telemetry.Finish();
        return config;
    }

    private static IEnumerable<string> Hosts(MapReader admin)
    {
        foreach (var (node, path) in admin.Items("hosts") ?? [])
        {
            if (admin.TextOf(node, node, path) is not { } host)
            {
                continue;
            }

            if (Uri.CheckHostName(host) == UriHostNameType.Unknown)
            {
                admin.Problems.Error(
                    node, path, "bad-host", $"{path}: '{MapReader.Shown(host)}' is not a host name.", "Write the name alone, without scheme or port, for example migrate.example.com.");
                continue;
            }

            yield return host.ToLowerInvariant();
        }
    }
}
