using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using ModelMigrate.Core.Routing;

namespace ModelMigrate.Gateway.Ingress;

/// <summary>
/// Checks a client's key against the hashes of the configuration. The key is hashed before it is compared, so that the time of the
/// comparison says nothing about a key.
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
        if (!header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) || header.Length - Bearer.Length is 0 or > MaxKey)
        {
            return false;
        }

        Span<byte> key = stackalloc byte[Encoding.UTF8.GetMaxByteCount(MaxKey)];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        var length = Encoding.UTF8.GetBytes(header.AsSpan(Bearer.Length), key);
        SHA256.HashData(key[..length], hash);
        return hashes.Contains(Convert.ToHexStringLower(hash));
    }
}
