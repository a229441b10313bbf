using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Providers.Http;
using ModelMigrate.Providers.Http.Calls;

namespace ModelMigrate.Providers.Anthropic;

/// <summary>What every call of the messages protocol has in common.</summary>
internal static class AnthropicProtocol
{
    /// <summary>Sent when the client names no version of its own.</summary>
    private const string Version = "2023-06-01";

    /// <summary>What Vertex AI is told of the version in the body, where the model's name stands elsewhere.</summary>
    public const string VertexVersion = "vertex-2023-10-16";

    /// <summary>Where a model is asked; Vertex AI has an address for each, and one for its streams.</summary>
    public static Uri ChatUri(ModelSnapshot model, bool stream) => model.Provider.Google is null ? MessagesUri(model.Provider)
        : new Uri($"{model.Provider.BaseUrl.AbsoluteUri.TrimEnd('/')}/models/{Uri.EscapeDataString(model.Name)}:{(stream ? "streamRawPredict" : "rawPredict")}");

    public static Uri MessagesUri(ProviderSnapshot provider) => new(provider.BaseUrl.AbsoluteUri.TrimEnd('/') + "/v1/messages");

    /// <summary>Adds what the client did not send, or may not.</summary>
    public static void Complete(HttpRequestMessage message, ProviderSnapshot provider)
    {
        message.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
        if (!message.Headers.NonValidated.Contains("anthropic-version"))
        {
            message.Headers.TryAddWithoutValidation("anthropic-version", Version);
        }

        if (provider.ApiKey is { } key)
        {
            message.Headers.TryAddWithoutValidation("x-api-key", key.Reveal());
        }
    }

    /// <summary>An error inside an answer that had begun with a good status.</summary>
    public static ChatError Reported(ProviderSnapshot provider, string? type, string? reason)
    {
        var refusal = RefusalReasons.Of(status: null, type, reason);
        var kind = type switch
        {
            _ when refusal != RefusalReason.None => ChatErrorKind.Request,
            "rate_limit_error" => ChatErrorKind.Throttled,
            "timeout_error" => ChatErrorKind.Timeout,
            "invalid_request_error" or "request_too_large" => ChatErrorKind.Request,
            "authentication_error" or "permission_error" or "not_found_error" or "billing_error" => ChatErrorKind.Configuration,
            _ => ChatErrorKind.Provider,
        };
        return new ChatError(kind, $"The provider '{provider.Id}' reported: {reason ?? "an error without a reason"}") { Code = type, Reason = refusal };
    }

    /// <summary>A refusal by status: the provider's own words, or the status alone when it gave none.</summary>
    public static ChatError Refused(ProviderSnapshot provider, int status, TimeSpan? retryAfter, string? type, string? words)
    {
        var refusal = RefusalReasons.Of(status, type, words);
        var kind = refusal == RefusalReason.None ? UpstreamFailure.KindOf(status, words) : ChatErrorKind.Request;
        var reason = words ?? "no reason given";
        var message = kind switch
        {
            ChatErrorKind.Request or ChatErrorKind.Throttled or ChatErrorKind.UnknownModel => reason,
            ChatErrorKind.Configuration =>
                $"The provider '{provider.Id}' refused the gateway ({status}); check its key and the model's name in the configuration.",
            _ => $"The provider '{provider.Id}' failed with status {status}: {reason}",
        };
        return new ChatError(kind, message) { Status = status, Code = type, RetryAfter = retryAfter, Reason = refusal };
    }
}
