using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Routing;

namespace ModelMigrate.Core.Configuration.Compiling;

/// <summary>Compiles the catalog that the data plane uses from a configuration's providers and models.</summary>
public static class CatalogCompiler
{
    /// <summary>Every declared model with its provider and fingerprint. The configuration comes from the reader, so every reference exists.</summary>
    public static FrozenDictionary<ModelId, ModelSnapshot> Compile(ModelMigrateConfig config)
    {
        var providers = config.Providers.ToDictionary(provider => provider.Id, Compile);
        var written = config.Providers.ToDictionary(provider => provider.Id);
        return config.Models.Select(model => Compile(model, written, providers)).ToFrozenDictionary(model => model.Id);
    }

    private static ProviderSnapshot Compile(ProviderConfig provider) => new()
    {
        Id = provider.Id,
        Kind = provider.Kind,
        Preset = provider.Preset.Name,
        KeyHeader = provider.KeyHeader,
        ApiVersion = provider.ApiVersion,
        Quirks = provider.Preset.Quirks,
        Paths = provider.Paths,
        Aws = provider.Aws,
        BaseUrl = provider.BaseUrl,
        ApiKey = provider.ApiKey,
        Proxy = provider.Proxy,
        CaFile = provider.CaFile,
        IncludeUsage = provider.IncludeUsage,
        Responses = provider.Responses,
        Breaker = provider.Breaker,
    };

    private static ModelSnapshot Compile(
        ModelConfig model, Dictionary<ProviderId, ProviderConfig> written, Dictionary<ProviderId, ProviderSnapshot> providers)
    {
        var own = Compile(model, written[model.Provider], providers[model.Provider]);
        if (model.Endpoints.Count == 0)
        {
            return own;
        }

        ModelSnapshot[] endpoints =
        [
            .. model.Endpoints.Select(endpoint => Compile(endpoint, written[endpoint.Provider], providers[endpoint.Provider])).Prepend(own).Select(Endpoint),
        ];
        return own with { Endpoints = endpoints, Fingerprint = Hash(string.Join('\n', endpoints.Select(static endpoint => endpoint.Fingerprint)))[..16] };
    }

    private static ModelSnapshot Endpoint(ModelSnapshot model) =>
        model with { IsEndpoint = true, Place = Bucketing.Murmur3(Encoding.UTF8.GetBytes($"{model.Provider.Id}/{model.Name}"), 0) };

    private static ModelSnapshot Compile(ModelConfig model, ProviderConfig written, ProviderSnapshot provider)
    {
        List<string> rejects = [.. model.Rejects.Union(written.Rejects, StringComparer.Ordinal)];
        return new ModelSnapshot
        {
            Id = model.Id,
            Provider = provider,
            Name = model.Name,
            Version = model.Version,
            Architecture = model.Architecture,
            Parameters = model.Parameters,
            ContextLength = model.ContextLength,
            MaxOutputTokens = model.MaxOutputTokens,
            InputCostPer1K = model.InputCostPer1K,
            OutputCostPer1K = model.OutputCostPer1K,
            P50Ms = model.P50Ms,
            P99Ms = model.P99Ms,
            Capabilities = model.Capabilities,
            Rejects = rejects,
            Prefill = model.Prefill,
            InResponses = model.InResponses,
            Fingerprint = Fingerprint(model, provider, rejects),
        };
    }

    // What decides how the model answers, and nothing else: a new price or key must not throw evidence away.
    private static string Fingerprint(ModelConfig model, ProviderSnapshot provider, List<string> rejects)
    {
        var text = string.Join('\n', provider.Kind, provider.BaseUrl.AbsoluteUri, model.Name, model.Version, model.MaxOutputTokens);
        string[] translation = [.. model.Capabilities.Intersect(Abilities.Translated, StringComparer.OrdinalIgnoreCase), .. rejects];
        text += translation.Length == 0 ? "" : "\n" + string.Join(',', translation.Order(StringComparer.Ordinal));
        text += model.InResponses ? "\nresponses" : "";
        return Hash(text)[..16];
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
