using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Catalog.Bundled;
using ModelMigrate.Core.Configuration.Reading;

namespace ModelMigrate.Core.Configuration.Sections;

/// <summary>Reads <c>providers</c>.</summary>
internal static class ProviderSection
{
    private const string OpenAiHost = "api.openai.com";

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
        var preset = BundledCatalog.Find(KindOf(provider)) ?? (provider.Has("kind") ? null : BundledCatalog.Find(id));
        if (preset is null)
        {
            provider.Missing("kind", $"Write 'kind: openai' for the OpenAI protocol at any address, or one of {string.Join(", ", BundledCatalog.Providers.Skip(1).Select(known => known.Name))}.");
        }

        // A kind that is wrong was said to be wrong; the rest is then read as if it were the first.
        preset ??= BundledCatalog.Providers[0];
        var written = provider.Url("baseUrl", preset.Example);
        var apiKey = provider.Credential("apiKey", preset.KeyVariable ?? "OPENAI_API_KEY");
        var region = preset.Protocol == ProviderKind.Bedrock ? AwsSection.Region(provider) : null;
        var apiVersion = IsAzure(preset) ? AzureVersion(provider) : null;
        var config = new ProviderConfig
        {
            Id = new(id),
            Preset = preset,
            BaseUrl = AddressOf(preset, written, apiVersion, region) ?? AddressMissing(provider, preset),
            ApiKey = apiKey,
            Proxy = provider.Url("proxy", "http://proxy.example.com:3128"),
            CaFile = provider.Text("caFile"),
            ApiVersion = apiVersion,
            IncludeUsage = provider.Flag("includeUsage") ?? !preset.RefusesUsageWish,
            Responses = provider.Flag("responses") ?? false,
            Aws = region is null ? null : AwsSection.Read(provider, region, apiKey),
            Breaker = Breaker(provider.Group("breaker")),
            Paths = preset.Paths,
        };
        config = preset.Protocol == ProviderKind.OpenAi ? DialectSection.Read(provider, config) : config;
        if (!provider.Has("responses") && config.Kind == ProviderKind.OpenAi)
        {
            // OpenAI's own address has it; of others nobody knows.
            config = config with { Responses = string.Equals(config.BaseUrl.Host, OpenAiHost, StringComparison.Ordinal) };
        }
        else if (config is { Responses: true, Kind: not ProviderKind.OpenAi })
        {
            provider.Problems.Error(
                provider.At("responses"), provider.PathOf("responses"), "responses-elsewhere", $"{provider.PathOf("responses")}: a provider of the {config.Kind} protocol has no responses.",
                "Remove the key: clients of the responses protocol are translated.");
        }

        if (preset.NeedsKey && apiKey is null && !provider.Has("apiKey") && written is null or { IsLoopback: false })
        {
            provider.Missing("apiKey", $"Write 'apiKey: ${{{preset.KeyVariable}}}' and set that variable.");
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

    private static bool IsAzure(ProviderPreset preset) => string.Equals(preset.Name, "azure", StringComparison.Ordinal);

    private static string? AzureVersion(MapReader provider)
    {
        if (provider.Text("apiVersion") is not { } version)
        {
            return null;
        }

        if (version.All(c => char.IsAsciiLetterOrDigit(c) || c is '-'))
        {
            return version;
        }

        provider.Problems.Error(
            provider.At("apiVersion"), provider.PathOf("apiVersion"), "bad-version", $"{provider.PathOf("apiVersion")} is '{MapReader.Shown(version)}', which is no version of Azure's API.",
            "Write for example 2024-10-21, or remove the key for the surface without a date.");
        return null;
    }

    /// <summary>Where the protocol's paths begin. Azure's two surfaces hang below the resource's address, Bedrock's address follows from the region.</summary>
    private static Uri? AddressOf(ProviderPreset preset, Uri? written, string? apiVersion, string? region)
    {
        if (IsAzure(preset))
        {
            return written is null ? null : new Uri(Resource(written) + (apiVersion is null ? "/openai/v1" : "/openai/deployments"));
        }

        return written ?? preset.BaseUrl ?? (region is null ? null : new Uri($"https://bedrock-runtime.{region}.amazonaws.com"));
    }

    /// <summary>People write what the portal shows: the resource, or the v1 surface of it.</summary>
    private static string Resource(Uri written)
    {
        var text = written.AbsoluteUri.TrimEnd('/');
        foreach (var ending in (string[])["/openai/v1", "/openai/deployments", "/openai"])
        {
            if (text.EndsWith(ending, StringComparison.Ordinal))
            {
                return text[..^ending.Length];
            }
        }

        return text;
    }

    private static Uri AddressMissing(MapReader provider, ProviderPreset preset)
    {
        if (preset.Protocol != ProviderKind.Bedrock)
        {
            provider.Missing("baseUrl", $"Write your own resource's address, for example 'baseUrl: {preset.Example}'.");
        }

        return new Uri(preset.Example);
    }

    private static string? KindOf(MapReader provider) =>
        provider.Choice("kind", [.. BundledCatalog.Providers.Select((preset, i) => (preset.Name, i))]) is { } at ? BundledCatalog.Providers[at].Name : null;
}
