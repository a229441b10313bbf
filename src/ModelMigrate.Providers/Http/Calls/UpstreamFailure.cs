using System.Net.Security;
using System.Security.Authentication;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;

namespace ModelMigrate.Providers.Http.Calls;

/// <summary>Reads what went wrong at a provider into the neutral language.</summary>
internal static class UpstreamFailure
{
    /// <summary>Bytes of an error answer that are looked at.</summary>
    public const int MaxErrorBody = 64 * 1024;

    /// <summary>Whether an exception of the HTTP stack means that the provider failed us; anything else is a bug.</summary>
    public static bool IsTransport(Exception exception) => exception is HttpRequestException or IOException or TimeoutException;

    public static ChatError Connection(ProviderSnapshot provider, Exception exception) => exception is HttpRequestException { HttpRequestError: HttpRequestError.UserAuthenticationError } unknown
        ? new ChatError(ChatErrorKind.Configuration, $"The provider '{provider.Id}' cannot be asked: {unknown.Message.TrimEnd('.')}.")
        : new ChatError(ChatErrorKind.Connection, exception is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } insecure
            ? $"The provider '{provider.Id}' could not be reached: {Insecure(provider, insecure)}"
            : $"The provider '{provider.Id}' could not be reached: {(exception.InnerException ?? exception).Message.TrimEnd('.')}.");

    /// <summary>
    /// Whom a status concerns. 401, 402, 403, 404 and 407 are about our credentials and our model name, which no client sends,
    /// so they are the arm's failure and not the client's.
    /// </summary>
    public static ChatErrorKind KindOf(int status, string? words) => status switch
    {
        404 when words is not null => ChatErrorKind.UnknownModel,
        408 => ChatErrorKind.Timeout,
        429 => ChatErrorKind.Throttled,
        401 or 402 or 403 or 404 or 407 => ChatErrorKind.Configuration,

        // TGI and Bedrock: the model failed while it answered.
        424 => ChatErrorKind.Provider,
        >= 400 and < 500 => ChatErrorKind.Request,
        _ => ChatErrorKind.Provider,
    };

    private static string Insecure(ProviderSnapshot provider, HttpRequestException exception)
    {
        var reason = (exception.InnerException ?? exception).Message.TrimEnd('.');
        var host = provider.BaseUrl.Host;
        return exception.InnerException is not AuthenticationException || !reason.Contains("certificate", StringComparison.Ordinal)
            ? $"the TLS handshake failed ({reason})."
            : provider.CaFile is { } file
            ? $"its certificate is not trusted: it is issued by no authority of the system or of the caFile '{file}', or not for the host '{host}'. "
                + "Put the issuer's certificate into the caFile, or correct the baseUrl."
            : reason.Contains(nameof(SslPolicyErrors.RemoteCertificateNameMismatch), StringComparison.Ordinal)
            ? $"its certificate is not trusted: it is not for the host '{host}' ({reason}). Correct the provider's baseUrl."
            : $"its certificate is not trusted ({reason}). When an authority of your own issued it, name that authority's PEM file as the provider's caFile.";
    }
}
