using System.Net;
using System.Net.Mime;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using ModelMigrate.Control.Api;
using ModelMigrate.Core.Configuration;

namespace ModelMigrate.Control.Security;

/// <summary>
/// Stands before every admin call. The host must be known (against DNS rebinding), a browser's origin must be our own and a body
/// must be JSON (against forged requests), and the token must match when one is set.
/// </summary>
internal sealed class AdminGuard(Func<AdminConfig> admin)
{
    /// <summary>What is wrong with the call, or null when it may pass.</summary>
    public Refusal? Check(HttpRequest request)
    {
        var config = admin();
        if (!IsKnown(request.Host.Host, config))
        {
            return new Refusal(StatusCodes.Status421MisdirectedRequest, "host_not_allowed",
                $"The host '{request.Host.Host}' is not known. Call by a loopback name, or list it under admin.hosts.");
        }

        if (request.Headers.Origin.Count > 0 && !IsOwnOrigin(request))
        {
            return new Refusal(StatusCodes.Status403Forbidden, "origin_not_allowed",
                "The call comes from another site's page. Call from this server's own pages or from a program.");
        }

        if (HttpMethods.IsPost(request.Method) && !IsJson(request.ContentType))
        {
            return new Refusal(StatusCodes.Status415UnsupportedMediaType, "not_json", "Send the body with Content-Type: application/json.");
        }

        return config.Token is { } token && !HasToken(request, token.Reveal())
            ? new Refusal(StatusCodes.Status401Unauthorized, "token_required",
                "Send the admin token: Authorization: Bearer … (the command line reads it from MODEL_MIGRATE_ADMIN_TOKEN).")
            : null;
    }

    private static bool IsKnown(string host, AdminConfig config)
    {
        var name = host.Trim('[', ']');
        return name.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(name, out var address) && IPAddress.IsLoopback(address))
            || config.Hosts.Contains(name, StringComparer.OrdinalIgnoreCase);
    }

    private static bool IsOwnOrigin(HttpRequest request) =>
        request.Headers.Origin.All(origin =>
            string.Equals(origin, $"{request.Scheme}://{request.Host.Value}", StringComparison.OrdinalIgnoreCase));

    private static bool IsJson(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && type.MediaType.Equals(MediaTypeNames.Application.Json, StringComparison.OrdinalIgnoreCase);

    private static bool HasToken(HttpRequest request, string token)
    {
        const string Scheme = "Bearer ";
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        // Hashed first, so that the time says nothing of the length either.
        return CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(Encoding.UTF8.GetBytes(header[Scheme.Length..].Trim())), SHA256.HashData(Encoding.UTF8.GetBytes(token)));
    }
}
