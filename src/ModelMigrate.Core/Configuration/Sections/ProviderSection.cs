using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Configuration.Reading;

namespace ModelMigrate.Core.Configuration.Sections;

/// <summary>Reads <c>providers</c>.</summary>
internal static class ProviderSection
{
    private static readonly (string Word, ProviderKind Value)[] s_kinds = [("openai", ProviderKind.OpenAi), ("anthropic", ProviderKind.Anthropic)];

    private static readonly TimeSpan s_shortestOpen = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longestOpen = TimeSpan.FromHours(1);

    public static Declared<ProviderConfig> Read(MapReader file)
    {
        var providers = new List<ProviderConfig>();
        var names = new List<string>();
        foreach (var (entry, path) in file.Entries("providers"))
        {
            var id = entry.Key.Text;
            names.Add(id);
            Reference.CheckName(file.Problems, entry.Key, path, "provider");
            if (file.Of(entry.Value, entry.Key, path) is { } provider)
            {
                providers.Add(Read(id, provider));
                provider.Finish();
            }
            else
            {
                file.Problems.Error(entry.Value, path, "wrong-type", $"{path} must be a group of keys, not {entry.Value.Kind}.", "Write at least 'kind' and 'apiKey' under it.");
            }
        }

        return new(providers, names);
    }

    private static ProviderConfig Read(string id, MapReader provider)
    {
        var kind = provider.Choice("kind", s_kinds) ?? KindOf(id);
        if (kind is null)
        {
            provider.Missing("kind", "Write 'kind: openai' for the OpenAI protocol at any address, or 'kind: anthropic'.");
        }

        var config = new ProviderConfig
        {
            Id = new(id),
            Kind = kind ?? ProviderKind.OpenAi,
            BaseUrl = provider.Url("baseUrl", "https://api.openai.com/v1") ?? PublicAddress(kind ?? ProviderKind.OpenAi),
            ApiKey = provider.Credential("apiKey", kind == ProviderKind.Anthropic ? "ANTHROPIC_API_KEY" : "OPENAI_API_KEY"),
            Proxy = provider.Url("proxy", "http://proxy.example.com:3128"),
            CaFile = provider.Text("caFile"),
            IncludeUsage = provider.Flag("includeUsage") ?? true,
            Responses = provider.Flag("responses") ?? false,
            Breaker = Breaker(provider.Group("breaker")),
        };
        if (!provider.Has("responses") && config.Kind == ProviderKind.OpenAi)
        {
            // OpenAI's own address has it; of others nobody knows.
            config = config with { Responses = config.BaseUrl.Host == PublicAddress(ProviderKind.OpenAi).Host };
        }
        else if (config is { Responses: true, Kind: ProviderKind.Anthropic })
        {
            provider.Problems.Error(
                provider.At("responses"), provider.PathOf("responses"), "responses-elsewhere", $"{provider.PathOf("responses")}: a provider of the Anthropic protocol has no responses.",
                "Remove the key: clients of the responses protocol are translated.");
        }

        if (config is { ApiKey: not null, BaseUrl: { Scheme: "http", IsLoopback: false } })
        {
            provider.Problems.Warning(
                provider.At("baseUrl"), provider.PathOf("baseUrl"), "plain-http", $"{provider.PathOf("apiKey")} travels unencrypted to {config.BaseUrl.Host}.",
                "Use https.");
        }

        return config;
    }

    private static BreakerLimits Breaker(MapReader breaker)
    {
        var defaults = BreakerLimits.Default;
        var isEnabled = breaker.Flag("enabled") ?? true;
        var failures = breaker.Count("failures", 1, 1000) ?? defaults.Failures;
        var openFor = breaker.Duration("openFor", s_shortestOpen, s_longestOpen);
        var longest = breaker.Duration("longest", s_shortestOpen, s_longestOpen);
        if (openFor > (longest ?? openFor))
        {
            breaker.Problems.Error(
                breaker.At("openFor"), breaker.PathOf("openFor"), "out-of-range", $"{breaker.PathOf("openFor")} is above 'longest', {Quantity.Text(longest!.Value)}.",
                "Shorten it, or lengthen 'longest'.");
        }

        var first = openFor ?? (longest < defaults.OpenFor ? longest.Value : defaults.OpenFor);
        var read = new BreakerLimits
        {
            Enabled = isEnabled,
            Failures = failures,
            OpenFor = first,
            Longest = longest ?? (first > defaults.Longest ? first : defaults.Longest),
            Probes = breaker.Count("probes", 1, 100) ?? defaults.Probes,
        };
        breaker.Finish();
        return read;
    }

    // A provider named after its kind need not say it twice.
    private static ProviderKind? KindOf(string id)
    {
        foreach (var (word, kind) in s_kinds)
        {
            if (string.Equals(word, id, StringComparison.Ordinal))
            {
                return kind;
            }
        }

        return null;
    }

    private static Uri PublicAddress(ProviderKind kind) => kind switch
    {
        ProviderKind.OpenAi => new("https://api.openai.com/v1"),
        ProviderKind.Anthropic => new("https://api.anthropic.com"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}
