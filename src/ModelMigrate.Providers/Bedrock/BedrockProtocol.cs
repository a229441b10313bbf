using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Providers.Http;
using ModelMigrate.Providers.Http.Calls;

namespace ModelMigrate.Providers.Bedrock;

/// <summary>What every call of the Converse protocol has in common.</summary>
internal static class BedrockProtocol
{
    public const string StreamType = "application/vnd.amazon.eventstream";

    /// <summary>The name under which requests are signed, at both of the service's hosts.</summary>
    private const string Service = "bedrock";

    public static Uri ChatUri(ModelSnapshot model, bool stream) => new(
        $"{model.Provider.BaseUrl.AbsoluteUri.TrimEnd('/')}/model/{AwsSignature.Encoded(model.Name)}/{(stream ? "converse-stream" : "converse")}");

    /// <summary>Adds a Bedrock key, or a signature over the request.</summary>
    public static void Complete(HttpRequestMessage message, ProviderSnapshot provider, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        message.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
        if (provider.Aws is not { } access)
        {
            if (provider.ApiKey is { } key)
            {
                message.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key.Reveal());
            }

            return;
        }

        var uri = message.RequestUri!;
        var date = AwsSignature.DateOf(now);
        var headers = new List<(string, string)> { ("host", uri.IsDefaultPort ? uri.Host : uri.Authority), ("x-amz-date", date) };
        message.Headers.TryAddWithoutValidation("X-Amz-Date", date);
        if (access.Session is { } session)
        {
            headers.Add(("x-amz-security-token", session.Reveal()));
            message.Headers.TryAddWithoutValidation("X-Amz-Security-Token", session.Reveal());
        }

        message.Headers.TryAddWithoutValidation(
            "Authorization",
            AwsSignature.Authorization(
                access, Service, message.Method.Method, uri.AbsolutePath, uri.Query.TrimStart('?'), headers, AwsSignature.Hash(body), now));
    }

    /// <summary>A refusal by status: the provider's own words, or the status alone when it gave none.</summary>
    public static ChatError Refused(ProviderSnapshot provider, int status, TimeSpan? retryAfter, string? type, string? words) =>
        Error(provider, status, KindOf(type) ?? UpstreamFailure.KindOf(status, words), retryAfter, type, words, $"failed with status {status}");

    /// <summary>An error inside an answer that had begun with a good status.</summary>
    public static ChatError Reported(ProviderSnapshot provider, string? type, string? words) =>
        Error(provider, status: null, KindOf(type) ?? ChatErrorKind.Provider, retryAfter: null, type, words, "reported");

    private static ChatError Error(ProviderSnapshot provider, int? status, ChatErrorKind kind, TimeSpan? retryAfter, string? type, string? words, string how)
    {
        var refusal = RefusalReasons.Of(kind == ChatErrorKind.Throttled ? 429 : status, type, words);
        kind = refusal == RefusalReason.None ? kind : ChatErrorKind.Request;
        var reason = words ?? "no reason given";
        var message = kind switch
        {
            ChatErrorKind.Request or ChatErrorKind.Throttled or ChatErrorKind.UnknownModel => reason,
            ChatErrorKind.Configuration =>
                $"The provider '{provider.Id}' refused the gateway ({type ?? $"{status}"}); check its credentials, its region and the model's name in the configuration.",
            _ => $"The provider '{provider.Id}' {how}: {reason}",
        };
        return new ChatError(kind, message) { Status = status, Code = type, RetryAfter = retryAfter, Reason = refusal };
    }

    /// <summary>Exceptions by name: their statuses are shared by failures of other kinds. Names of events begin with a small letter.</summary>
    private static ChatErrorKind? KindOf(string? type) => type?.ToLowerInvariant() switch
    {
        "throttlingexception" or "servicequotaexceededexception" or "modelnotreadyexception" or "toomanyrequestsexception" => ChatErrorKind.Throttled,
        "modeltimeoutexception" => ChatErrorKind.Timeout,
        "modelerrorexception" or "modelstreamerrorexception" or "internalserverexception" or "serviceunavailableexception" => ChatErrorKind.Provider,
        "accessdeniedexception" or "unrecognizedclientexception" or "expiredtokenexception" or "invalidsignatureexception" =>
            ChatErrorKind.Configuration,
        "resourcenotfoundexception" => ChatErrorKind.UnknownModel,
        "validationexception" => ChatErrorKind.Request,
        _ => null,
    };
}
