using System.Net;
using ModelMigrate.Core.Configuration;

namespace ModelMigrate.Control.Security;

/// <summary>Refuses to listen beyond loopback without an admin token and known clients.</summary>
public static class ExposureCheck
{
    /// <summary>
    /// What must be configured before these URLs may be bound, one sentence each with the remedy; empty when they may.
    /// <paramref name="gatewayUrls"/> serve clients, <paramref name="adminUrls"/> the admin API; an URL can be in both.
    /// </summary>
    public static IReadOnlyList<string> Problems(
        ModelMigrateConfig config, IReadOnlyCollection<string> gatewayUrls, IReadOnlyCollection<string> adminUrls)
    {
        var problems = new List<string>();
        if (adminUrls.FirstOrDefault(url => !IsLoopback(url)) is { } admin && config.Admin.Token is null)
        {
            problems.Add($"The admin API would listen on {admin}, beyond loopback, without a token. "
                + "Set admin.token: ${MODEL_MIGRATE_ADMIN_TOKEN} in the configuration, or bind 127.0.0.1.");
        }

        if (gatewayUrls.FirstOrDefault(url => !IsLoopback(url)) is { } gateway
            && config.ClientKeys.Count == 0 && !config.AllowAnonymousClients)
        {
            problems.Add($"The gateway would listen on {gateway}, beyond loopback, for anybody. "
                + "List clientKeys in the configuration, or write allowAnonymousClients: true, or bind 127.0.0.1.");
        }

        return problems;
    }

    /// <summary>Whether an URL to bind is reachable from this machine only. What cannot be read counts as reachable from everywhere.</summary>
    public static bool IsLoopback(string url)
    {
        var start = url.IndexOf("://", StringComparison.Ordinal);
        if (start < 0)
        {
            return false;
        }

        var rest = url[(start + 3)..];
        if (rest.StartsWith("unix:", StringComparison.Ordinal))
        {
            return true;
        }

        var authority = rest.Split('/')[0];
        var end = authority.StartsWith('[') ? authority.IndexOf(']', StringComparison.Ordinal) : authority.IndexOf(':', StringComparison.Ordinal) - 1;
        var host = (end >= 0 ? authority[..(end + 1)] : authority).Trim('[', ']');
        return host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
    }
}
