using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using ModelMigrate.Core.Routing;

namespace ModelMigrate.Gateway.Ingress;

/// <summary>
/// Checks a client's key against the hashes of the configuration: <c>Authorization: Bearer</c>, or <c>x-api-key</c> as clients of the
/// Anthropic protocol send it. The key is hashed before it is compared, so that the time of the comparison says nothing about a key.
/// </summary>
internal static class ClientKeys
{
    private const string Bearer = "Bearer ";
    private const int MaxKey = 512;

    public static bool IsAllowed(RoutingSnapshot snapshot, HttpRequest request)
    {
        if (snapshot.ClientKeyHashes is not { } hashes)
        {
            return true;
        }

        var header = request.Headers.Authorization.ToString();
        var sent = header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..] : request.Headers["x-api-key"].ToString();
        if (sent.Length is 0 or > MaxKey)
        {
            return false;
        }

        Span<byte> key = stackalloc byte[Encoding.UTF8.GetMaxByteCount(MaxKey)];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        var length = Encoding.UTF8.GetBytes(sent, key);
        SHA256.HashData(key[..length], hash);
        return hashes.Contains(Convert.ToHexStringLower(hash));
    }
}
