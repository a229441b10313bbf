using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ModelMigrate.Core.Catalog.Bundled;

/// <summary>The tables that ship with the program: providers by name, and dated entries of models.</summary>
public static class BundledCatalog
{
    private static readonly Lazy<IReadOnlyList<ProviderPreset>> s_providers = new(() => Read("providers.json", BundledJson.Default.IReadOnlyListProviderPreset));
    private static readonly Lazy<IReadOnlyList<BundledModel>> s_models = new(() => Read("models.json", BundledJson.Default.IReadOnlyListBundledModel));

    public static IReadOnlyList<ProviderPreset> Providers => s_providers.Value;

    public static IReadOnlyList<BundledModel> Models => s_models.Value;

    public static ProviderPreset? Find(string? provider) => Providers.FirstOrDefault(known => string.Equals(known.Name, provider, StringComparison.Ordinal));

    public static BundledModel? Find(string provider, string model) => Models.FirstOrDefault(
        known => string.Equals(known.Provider, provider, StringComparison.Ordinal) && string.Equals(known.Name, model, StringComparison.Ordinal));

    private static T Read<T>(string name, JsonTypeInfo<T> type)
    {
        using var file = typeof(BundledCatalog).Assembly.GetManifestResourceStream("bundled/" + name)!;
        return JsonSerializer.Deserialize(file, type)!;
    }
}
