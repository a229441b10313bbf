using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using ModelMigrate.Core.Routing;
using ModelMigrate.Core.Routing.Clients;

namespace ModelMigrate.Gateway.Limits;

/// <summary>
/// Finds the client of a key by its hash: <c>Authorization: Bearer</c>, or <c>x-api-key</c> as clients of the Anthropic protocol send it. The key
/// is hashed before it is compared, so that the time of the comparison says nothing about a key.
/// </summary>
internal static class ClientKeys
{
    private const string Bearer = "Bearer ";
    private const int MaxKey = 512;

    /// <summary>False when the request may not pass. Else its client, or null for an anonymous one.</summary>
    public static bool TryFind(RoutingSnapshot snapshot, HttpRequest request, out ClientSnapshot? client)
    {
        client = snapshot.Clients.Count == 0 ? null : Find(snapshot, request);
        return client is not null || snapshot.AllowsAnonymous;
    }

    private static ClientSnapshot? Find(RoutingSnapshot snapshot, HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        var sent = header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header.AsSpan(Bearer.Length) : request.Headers["x-api-key"].ToString();
        if (sent.Length is 0 or > MaxKey)
        {
            return null;
        }

        Span<byte> key = stackalloc byte[Encoding.UTF8.GetMaxByteCount(MaxKey)];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Span<char> text = stackalloc char[SHA256.HashSizeInBytes * 2];
        SHA256.HashData(key[..Encoding.UTF8.GetBytes(sent, key)], hash);
        Convert.TryToHexStringLower(hash, text, out _);
        return snapshot.Clients.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out var client) ? client : null;
    }
}
