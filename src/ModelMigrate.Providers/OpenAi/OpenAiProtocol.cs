using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Providers.Http;

namespace ModelMigrate.Providers.OpenAi;

/// <summary>What every call of the chat completions protocol has in common.</summary>
internal static class OpenAiProtocol
{
    public static Uri ChatUri(ProviderSnapshot provider) => UriOf(provider, "/chat/completions");

    public static Uri UriOf(ProviderSnapshot provider, string path) => new(provider.BaseUrl.AbsoluteUri.TrimEnd('/') + path);

    public static HttpRequestMessage Request(Uri uri, string? authorization, HttpContent content, TimeSpan connectLimit)
    {
        var request = new ProviderRequest(uri, content, connectLimit);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        return request;
    }

    /// <summary>Reads a provider's refusal: its own words, or the status alone when it gave none.</summary>
    public static ChatError Error(ProviderSnapshot provider, int status, TimeSpan? retryAfter, string? code, string? words, string? field)
    {
        var refusal = RefusalReasons.Of(status, code, words);
        var kind = refusal == RefusalReason.None ? UpstreamFailure.KindOf(status) : ChatErrorKind.Request;
        var reason = words ?? "no reason given";
        var message = kind switch
        {
            ChatErrorKind.Request or ChatErrorKind.Throttled => reason,
            ChatErrorKind.Configuration =>
                $"The provider '{provider.Id}' refused the gateway ({status}); check its key and the model's name in the configuration.",
            _ => $"The provider '{provider.Id}' failed with status {status}: {reason}",
        };
        return new ChatError(kind, message)
        {
            Status = status, Code = code, Field = field, RetryAfter = retryAfter, Reason = refusal,
        };
    }

    /// <summary>Reads an error that came as an event of a stream, or in an answer whose status was good.</summary>
    public static ChatError Reported(ProviderSnapshot provider, string? message, string? code)
    {
        var refusal = RefusalReasons.Of(status: null, code, message);
        var kind = refusal != RefusalReason.None ? ChatErrorKind.Request
            : code is "rate_limit_exceeded" or "rate_limit_error" ? ChatErrorKind.Throttled
            : ChatErrorKind.Provider;
        return new ChatError(kind, $"The provider '{provider.Id}' reported: {message ?? "an error without a reason"}") { Code = code, Reason = refusal };
    }
}
