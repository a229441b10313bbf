using System.Net.Http.Headers;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat.Changes;

namespace ModelMigrate.Providers.Http;

/// <summary>Which headers cross the gateway. Everything else stays on its side: credentials, cookies, hop-by-hop, our own.</summary>
public static class HeaderRules
{
    private const string IdempotencyKey = "idempotency-key";
    private const string TraceParent = "traceparent";
    private const string TraceState = "tracestate";

    /// <summary>Whether a client's header may travel to a provider at all.</summary>
    public static bool MayLeave(string name) =>
        IsOf(name, ProviderKind.OpenAi) || IsOf(name, ProviderKind.Anthropic)
        || name.Equals(IdempotencyKey, StringComparison.OrdinalIgnoreCase)
        || name.Equals(TraceParent, StringComparison.OrdinalIgnoreCase)
        || name.Equals(TraceState, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a header that may leave is meant for this kind of provider: one vendor's own headers are not told to another.</summary>
    public static bool IsFor(string name, ProviderKind kind) =>
        IsOf(name, kind) || !(IsOf(name, ProviderKind.OpenAi) || IsOf(name, ProviderKind.Anthropic));

    /// <summary>Whether a provider's response header may reach the client, beside its content type.</summary>
    public static bool MayReturn(string name) =>
        IsOf(name, ProviderKind.OpenAi) || IsOf(name, ProviderKind.Anthropic)
        || name.StartsWith("x-ratelimit-", StringComparison.OrdinalIgnoreCase)
        || name.Equals("retry-after", StringComparison.OrdinalIgnoreCase);

    /// <summary>Adds those of the client's headers that are meant for this kind of provider.</summary>
    internal static void Forward(IReadOnlyList<KeyValuePair<string, string>> from, HttpRequestHeaders to, ProviderKind kind)
    {
        for (var i = 0; i < from.Count; i++)
        {
            var (name, value) = from[i];
            if (IsFor(name, kind))
            {
                to.TryAddWithoutValidation(name, value);
            }
        }
    }

    /// <summary>Reports those of the client's headers that ask one vendor for a feature and are not told to this kind of provider.</summary>
    internal static void ReportDropped(IReadOnlyList<KeyValuePair<string, string>> from, ProviderKind kind, ChangeList changes)
    {
        for (var i = 0; i < from.Count; i++)
        {
            var name = from[i].Key;
            if (name.EndsWith("-beta", StringComparison.OrdinalIgnoreCase) && !IsFor(name, kind))
            {
                changes.Dropped(name.ToLowerInvariant());
            }
        }
    }

    /// <summary>Collects those of a provider's headers that may reach the client.</summary>
    internal static void Return(HttpResponseHeaders from, ICollection<KeyValuePair<string, string>>? to)
    {
        if (to is null)
        {
            return;
        }

        foreach (var header in from.NonValidated)
        {
            if (MayReturn(header.Key))
            {
                to.Add(new KeyValuePair<string, string>(header.Key, header.Value.ToString()));
            }
        }
    }

    private static bool IsOf(string name, ProviderKind kind) => kind switch
    {
        ProviderKind.OpenAi => name.StartsWith("openai-", StringComparison.OrdinalIgnoreCase),
        ProviderKind.Anthropic => name.StartsWith("anthropic-", StringComparison.OrdinalIgnoreCase),
        ProviderKind.Gemini or ProviderKind.Bedrock => false,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}
