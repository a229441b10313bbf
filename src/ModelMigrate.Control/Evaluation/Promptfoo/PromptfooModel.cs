using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Catalog.Bundled;
using ModelMigrate.Core.Promptfoo;

namespace ModelMigrate.Control.Evaluation.Promptfoo;

/// <summary>Makes what is called out of what a configuration names, with the bundled prices where they hold.</summary>
internal static class PromptfooModel
{
    public static ModelSnapshot Of(PromptfooProvider provider)
    {
        var preset = BundledCatalog.Find(provider.Kind)!;
        var known = provider.IsPriced ? BundledCatalog.Find(preset.Name, provider.Model) : null;
        var url = provider.BaseUrl ?? preset.BaseUrl!;
        return new ModelSnapshot
        {
            Id = new ModelId(provider.Model),
            Name = provider.Model,
            InputCostPer1K = known?.InputCostPer1k,
            OutputCostPer1K = known?.OutputCostPer1k,
            MaxOutputTokens = known?.MaxOutputTokens,
            Rejects = [.. preset.Rejects.Concat(known?.Rejects ?? []).Distinct(StringComparer.Ordinal)],
            Provider = new ProviderSnapshot
            {
                Id = new ProviderId(preset.Name), Kind = preset.Protocol, BaseUrl = url, KeyHeader = preset.KeyHeader, Quirks = preset.Quirks, Paths = preset.Paths, ApiVersion = provider.ApiVersion, Aws = provider.Aws, Google = provider.Google,
                ApiKey = provider.ApiKey is { Length: > 0 } key ? new Secret(key) : null,
            },
            Fingerprint = $"{preset.Name}:{provider.Model}@{url}",
        };
    }
}
