using System.Globalization;
using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Providers.Http;
using ModelMigrate.Providers.Http.Calls;

namespace ModelMigrate.Providers.Gemini;

/// <summary>What every call of the generateContent protocol has in common.</summary>
internal static class GeminiProtocol
{
    public static Uri ChatUri(ModelSnapshot model, bool stream) => new(
        $"{model.Provider.BaseUrl.AbsoluteUri.TrimEnd('/')}/models/{Uri.EscapeDataString(model.Name)}:{(stream ? "streamGenerateContent?alt=sse" : "generateContent")}");

    public static void Complete(HttpRequestMessage message, ProviderSnapshot provider)
    {
        message.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
        if (provider.ApiKey is { } key)
        {
            message.Headers.TryAddWithoutValidation("x-goog-api-key", key.Reveal());
        }
    }

    /// <summary>A refusal's body: an object, or, of a stream, a list with one.</summary>
    public static GeminiWire.Failure? FailureOf(ReadOnlySpan<byte> body) =>
        body.TrimStart(" \r\n\t"u8).StartsWith("["u8)
            ? JsonSerializer.Deserialize(body, GeminiJson.Default.IReadOnlyListGeminiWire) is [{ } first, ..] ? first.Error : null
            : JsonSerializer.Deserialize(body, GeminiJson.Default.GeminiWire)?.Error;

    /// <summary>An error inside an answer that had begun with a good status.</summary>
    public static ChatError Reported(ProviderSnapshot provider, GeminiWire.Failure failure)
    {
        var refusal = RefusalReasons.Of(status: null, failure.Status, failure.Message);
        var kind = refusal != RefusalReason.None ? ChatErrorKind.Request : failure.Code is { } code ? UpstreamFailure.KindOf(code, failure.Message) : ChatErrorKind.Provider;
        return new ChatError(kind, $"The provider '{provider.Id}' reported: {failure.Message ?? "an error without a reason"}")
        {
            Code = failure.Status, Reason = refusal, RetryAfter = DelayOf(failure),
        };
    }

    /// <summary>A refusal by status: the provider's own words, or the status alone when it gave none.</summary>
    public static ChatError Refused(ProviderSnapshot provider, int status, TimeSpan? retryAfter, GeminiWire.Failure? failure)
    {
        var refusal = RefusalReasons.Of(status, failure?.Status, failure?.Message);

        // A key that is no key is a 400 here.
        var isKey = failure?.Message?.Contains("API key", StringComparison.Ordinal) == true;
        var kind = refusal != RefusalReason.None ? ChatErrorKind.Request : isKey ? ChatErrorKind.Configuration : UpstreamFailure.KindOf(status, failure?.Message);
        var reason = failure?.Message ?? "no reason given";
        var message = kind switch
        {
            ChatErrorKind.Request or ChatErrorKind.Throttled or ChatErrorKind.UnknownModel => reason,
            ChatErrorKind.Configuration =>
                $"The provider '{provider.Id}' refused the gateway ({status}); check its key and the model's name in the configuration.",
            _ => $"The provider '{provider.Id}' failed with status {status}: {reason}",
        };
        return new ChatError(kind, message) { Status = status, Code = failure?.Status, RetryAfter = retryAfter ?? DelayOf(failure), Reason = refusal };
    }

    /// <summary>The provider says in the body how long to wait.</summary>
    private static TimeSpan? DelayOf(GeminiWire.Failure? failure)
    {
        foreach (var detail in failure?.Details ?? [])
        {
            if (detail?.RetryDelay is { } text && text.EndsWith('s')
                && double.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds < 86_400)
            {
                return TimeSpan.FromSeconds(seconds);
            }
        }

        return null;
    }
}
