using System.Diagnostics.CodeAnalysis;
using ModelMigrate.Core.Chat.Parts;

namespace ModelMigrate.Gateway.Ingress.Scanning;

/// <summary>Takes <c>data:TYPE;base64,BYTES</c> apart (RFC 2397), as far as providers use it.</summary>
internal static class DataUrl
{
    public static bool TryRead(JsonText url, [NotNullWhen(true)] out string? mediaType, [NotNullWhen(true)] out JsonText? data)
    {
        (mediaType, data) = (null, null);
        var comma = url.Bytes.Span.IndexOf((byte)',');
        if (comma < 0 && url.Bytes.Span.Contains((byte)'\\'))
        {
            // Even the comma may stand as an escape.
            url = JsonText.Of(url.ToString());
            comma = url.Bytes.Span.IndexOf((byte)',');
        }

        var head = comma < 0 ? "" : new JsonText(url.Bytes[..comma]).ToString();
        if (!head.StartsWith("data:", StringComparison.OrdinalIgnoreCase) || !head.EndsWith(";base64", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var type = head["data:".Length..^";base64".Length];
        var parameters = type.IndexOf(';', StringComparison.Ordinal);
        mediaType = parameters < 0 ? type : type[..parameters];

        // A common misspelling, which the other protocol refuses.
        mediaType = mediaType is "image/jpg" ? "image/jpeg" : mediaType;
        data = new JsonText(url.Bytes[(comma + 1)..]);
        return mediaType.Length > 0;
    }
}
