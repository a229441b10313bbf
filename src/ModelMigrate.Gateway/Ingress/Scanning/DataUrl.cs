using System.Diagnostics.CodeAnalysis;

namespace ModelMigrate.Gateway.Ingress.Scanning;

/// <summary>Takes <c>data:TYPE;base64,BYTES</c> apart (RFC 2397), as far as providers use it.</summary>
internal static class DataUrl
{
    public static bool TryRead(string url, [NotNullWhen(true)] out string? mediaType, [NotNullWhen(true)] out string? data)
    {
        (mediaType, data) = (null, null);
        var comma = url.IndexOf(',', StringComparison.Ordinal);
        if (!url.StartsWith("data:", StringComparison.OrdinalIgnoreCase) || comma < 0
            || !url.AsSpan(0, comma).EndsWith(";base64", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var type = url["data:".Length..(comma - ";base64".Length)];
        var parameters = type.IndexOf(';', StringComparison.Ordinal);
        mediaType = parameters < 0 ? type : type[..parameters];

        // A common misspelling, which the other protocol refuses.
        mediaType = mediaType is "image/jpg" ? "image/jpeg" : mediaType;
        data = url[(comma + 1)..];
        return mediaType.Length > 0;
    }
}
