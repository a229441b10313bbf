using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ModelMigrate.Core.Catalog;

namespace ModelMigrate.Providers.Bedrock;

/// <summary>
/// Signs a request by AWS Signature Version 4: HMAC-SHA256 over method, path, query, headers and the body's hash.
/// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html.
/// </summary>
internal static class AwsSignature
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>The text of the <c>Authorization</c> header.</summary>
    /// <param name="access">Who signs.</param>
    /// <param name="service">For example <c>bedrock</c>.</param>
    /// <param name="method">The HTTP method.</param>
    /// <param name="path">As it is sent: encoded once.</param>
    /// <param name="query">As it is sent, without the question mark.</param>
    /// <param name="headers">All that are signed; their names' case does not matter.</param>
    /// <param name="bodyHash">The body's SHA-256 in hexadecimal.</param>
    /// <param name="now">The time that <c>X-Amz-Date</c> says.</param>
    public static string Authorization(
        AwsAccess access, string service, string method, string path, string query, IEnumerable<(string Name, string Value)> headers, string bodyHash, DateTimeOffset now)
    {
        var signed = headers.Select(header => (Name: header.Name.ToLowerInvariant(), Value: Trimmed(header.Value)))
            .GroupBy(header => header.Name, StringComparer.Ordinal)
            .Select(group => (Name: group.Key, Value: string.Join(',', group.Select(header => header.Value))))
            .OrderBy(header => header.Name, StringComparer.Ordinal).ToList();
        var names = string.Join(';', signed.Select(header => header.Name));
        var canonical = string.Join('\n', [
            method, Encoded(Normalized(path), "/"), CanonicalQuery(query), .. signed.Select(header => $"{header.Name}:{header.Value}"), "", names, bodyHash,
        ]);
        var day = now.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        var scope = $"{day}/{access.Region}/{service}/aws4_request";
        var toSign = $"{Algorithm}\n{DateOf(now)}\n{scope}\n{Hash(Encoding.UTF8.GetBytes(canonical))}";
        var key = Encoding.UTF8.GetBytes("AWS4" + access.Key.Reveal());
        foreach (var part in (string[])[day, access.Region, service, "aws4_request"])
        {
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        }

        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(toSign)));
        return $"{Algorithm} Credential={access.KeyId}/{scope}, SignedHeaders={names}, Signature={signature}";
    }

    /// <summary>The text of <c>X-Amz-Date</c>.</summary>
    public static string DateOf(DateTimeOffset now) => now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    public static string Hash(ReadOnlySpan<byte> body) => Convert.ToHexStringLower(SHA256.HashData(body));

    /// <summary>Without empty and dotted segments (RFC 3986, section 6), as every service but S3 wants it.</summary>
    private static string Normalized(string path)
    {
        var kept = new List<string>();
        foreach (var segment in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (segment == "..")
            {
                kept.RemoveRange(Math.Max(0, kept.Count - 1), Math.Min(1, kept.Count));
            }
            else if (segment != ".")
            {
                kept.Add(segment);
            }
        }

        return "/" + string.Join('/', kept) + (kept.Count > 0 && path.EndsWith('/') ? "/" : "");
    }

    /// <summary>Sorted by name, then value, each encoded once.</summary>
    private static string CanonicalQuery(string query) => string.Join(
        '&',
        query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2))
            .Select(pair => (Name: Encoded(Uri.UnescapeDataString(pair[0])), Value: pair.Length > 1 ? Encoded(Uri.UnescapeDataString(pair[1])) : ""))
            .OrderBy(pair => pair.Name, StringComparer.Ordinal).ThenBy(pair => pair.Value, StringComparer.Ordinal).Select(pair => $"{pair.Name}={pair.Value}"));

    /// <summary>Percent-encoding of everything but unreserved characters (RFC 3986), and those named.</summary>
    public static string Encoded(string text, string kept = "")
    {
        var encoded = new StringBuilder();
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            var c = (char)b;
            _ = char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '~' || kept.Contains(c, StringComparison.Ordinal)
                ? encoded.Append(c)
                : encoded.Append('%').Append(b.ToString("X2", CultureInfo.InvariantCulture));
        }

        return encoded.ToString();
    }

    /// <summary>Without white space at the ends, and with one space for each run of it.</summary>
    private static string Trimmed(string value) => string.Join(' ', value.Split((char[])[' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries));
}
