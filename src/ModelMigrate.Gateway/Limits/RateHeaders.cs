using System.Globalization;
using Microsoft.AspNetCore.Http;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Gateway.Ingress;

namespace ModelMigrate.Gateway.Limits;

/// <summary>Tells a client where it stands with its rates, in the headers that its protocol has for it.</summary>
internal static class RateHeaders
{
    private const string OpenAi = "x-ratelimit-";
    private const string Anthropic = "anthropic-ratelimit-";

    /// <summary>Whether a provider's header tells of the provider's rates; a client with rates of its own is told only those.</summary>
    public static bool IsOne(string name) =>
        name.StartsWith(OpenAi, StringComparison.OrdinalIgnoreCase) || name.StartsWith(Anthropic, StringComparison.OrdinalIgnoreCase);

    public static void Write(HttpContext context, RateState? requests, RateState? tokens, DateTimeOffset now)
    {
        var kind = ClientProtocol.Of(context.Request);
        Write(context.Response.Headers, kind, "requests", requests, now);
        Write(context.Response.Headers, kind, "tokens", tokens, now);
    }

    private static void Write(IHeaderDictionary to, ProviderKind kind, string what, RateState? state, DateTimeOffset now)
    {
        if (state is not { } rate)
        {
            return;
        }

        var (limit, remaining) = (rate.Limit.ToString(CultureInfo.InvariantCulture), rate.Remaining.ToString(CultureInfo.InvariantCulture));
        if (kind == ProviderKind.Anthropic)
        {
            to[$"{Anthropic}{what}-limit"] = limit;
            to[$"{Anthropic}{what}-remaining"] = remaining;
            to[$"{Anthropic}{what}-reset"] = (now + rate.Reset).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        }
        else
        {
            to[$"{OpenAi}limit-{what}"] = limit;
            to[$"{OpenAi}remaining-{what}"] = remaining;
            to[$"{OpenAi}reset-{what}"] = string.Create(CultureInfo.InvariantCulture, $"{rate.Reset.TotalSeconds:0}s");
        }
    }
}
