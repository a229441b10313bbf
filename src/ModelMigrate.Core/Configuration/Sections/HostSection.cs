using ModelMigrate.Core.Configuration.Reading;

namespace ModelMigrate.Core.Configuration.Sections;

/// <summary>Reads <c>admin</c> and <c>telemetry</c>.</summary>
internal static class HostSection
{
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
        var config = new TelemetryConfig { Otlp = telemetry.Url("otlp", "http://127.0.0.1:4318"), Traces = telemetry.ShareOrOff("traces") ?? 0 };
        if (config.Traces > 0 && !telemetry.Has("otlp"))
        {
            telemetry.Problems.Error(
                telemetry.At("traces"), telemetry.PathOf("traces"), "no-collector", "telemetry.traces needs a collector to send traces to.",
                "Write telemetry.otlp, for example http://127.0.0.1:4318, or traces: off.");
        }

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
