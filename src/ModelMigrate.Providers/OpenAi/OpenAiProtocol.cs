using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Providers.Http;
using ModelMigrate.Providers.Http.Calls;
using ModelMigrate.Providers.OpenAi.Scanning;

namespace ModelMigrate.Providers.OpenAi;

/// <summary>What every call of the chat completions protocol has in common.</summary>
internal static class OpenAiProtocol
{
    public static Uri ChatUri(ModelSnapshot model) => UriOf(model, "/chat/completions");

    /// <summary>Azure's dated surface has this path below the resource: the deployment is named in the body.</summary>
    public static Uri ResponsesUri(ModelSnapshot model) =>
        model.Provider.ApiVersion is { } version && model.Provider.BaseUrl.AbsoluteUri.TrimEnd('/') is var address && address.EndsWith("/deployments", StringComparison.Ordinal)
            ? new Uri($"{address[..^"/deployments".Length]}/responses?api-version={version}")
            : UriOf(model, "/responses");

    /// <summary>Where a model's provider has one of the protocol's paths. A dated Azure surface names the model, as a deployment, in the path.</summary>
    public static Uri UriOf(ModelSnapshot model, string path)
    {
        var provider = model.Provider;
        var address = provider.BaseUrl.AbsoluteUri.TrimEnd('/');
        return new Uri(
            provider.ApiVersion is { } version ? $"{address}/{Uri.EscapeDataString(model.Name)}{path}?api-version={version}"
            : path.StartsWith("//", StringComparison.Ordinal) ? provider.BaseUrl.GetLeftPart(UriPartial.Authority) + path[1..]
            : address + path);
    }

    /// <summary>
    /// Where a provider takes a path that only crosses, with its query. On a dated Azure surface a request that names a model goes to its deployment,
    /// and any other, as for a file, stands beside the deployments.
    /// </summary>
    public static Uri ForwardUri(ModelSnapshot model, string pathAndQuery, bool namesModel)
    {
        var provider = model.Provider;
        var address = provider.BaseUrl.AbsoluteUri.TrimEnd('/');
        if (provider.ApiVersion is not { } version)
        {
            return new Uri(address + pathAndQuery);
        }

        const string Deployments = "/deployments";
        address = namesModel ? $"{address}/{Uri.EscapeDataString(model.Name)}" : address.EndsWith(Deployments, StringComparison.Ordinal) ? address[..^Deployments.Length] : address;
        var query = pathAndQuery.IndexOf('?', StringComparison.Ordinal);
        return new Uri(query < 0 ? $"{address}{pathAndQuery}?api-version={version}" : $"{address}{pathAndQuery}&api-version={version}");
    }

    /// <summary>What the header of the key says, or null without a key.</summary>
    public static string? CredentialOf(ProviderSnapshot provider) =>
        provider.ApiKey is not { } key ? null : provider.KeyHeader is null ? "Bearer " + key.Reveal() : key.Reveal();

    public static HttpRequestMessage Request(Uri uri, ProviderSnapshot provider, string? credential, HttpContent? content, TimeSpan connectLimit)
    {
        var request = new ProviderRequest(uri, content, connectLimit);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
        if (credential is not null)
        {
            request.Headers.TryAddWithoutValidation(provider.KeyHeader ?? "Authorization", credential);
        }

        return request;
    }

    /// <summary>A call that was translated, with those of the client's headers that may go on.</summary>
    public static HttpRequestMessage Request(Uri uri, ModelCall call, PooledBytes body)
    {
        var provider = call.Model.Provider;
        var message = Request(uri, provider, CredentialOf(provider), new PooledContent(body), call.ConnectLimit);
        HeaderRules.Forward(call.Headers, message.Headers, ProviderKind.OpenAi);
        return message;
    }

    /// <summary>Reads a provider's refusal from the body that came with it.</summary>
    public static ChatError Refused(ProviderSnapshot provider, HttpResponseMessage response, ReadOnlyMemory<byte> body, DateTimeOffset now)
    {
        var scanner = new OpenAiScanner(knownVersion: null);
        scanner.ScanBody(body.Span);
        return Error(provider, (int)response.StatusCode, HttpAnswer.RetryAfter(response.Headers, now), scanner.ErrorCode, scanner.ErrorMessage, scanner.ErrorField);
    }

    /// <summary>Reads a provider's refusal: its own words, or the status alone when it gave none.</summary>
    public static ChatError Error(ProviderSnapshot provider, int status, TimeSpan? retryAfter, string? code, string? words, string? field)
    {
        var refusal = RefusalReasons.Of(status, code, words);
        var kind = refusal == RefusalReason.None ? UpstreamFailure.KindOf(status, words) : ChatErrorKind.Request;
        var reason = words ?? "no reason given";
        var message = kind switch
        {
            ChatErrorKind.Request or ChatErrorKind.Throttled or ChatErrorKind.UnknownModel => reason,
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
            : code is "rate_limit_exceeded" or "rate_limit_error" or "overloaded" or "429" ? ChatErrorKind.Throttled
            : ChatErrorKind.Provider;
        return new ChatError(kind, $"The provider '{provider.Id}' reported: {message ?? "an error without a reason"}") { Code = code, Reason = refusal };
    }
}
