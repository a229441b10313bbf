using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Catalog.Bundled;
using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Configuration.Yaml;

namespace ModelMigrate.Core.Configuration.Sections;

/// <summary>Reads <c>models</c>. The short form <c>gpt-4o: openai</c> names only the provider.</summary>
internal static class ModelSection
{
    private const int MaxTokens = 100_000_000;
    private const double MaxMilliseconds = 3_600_000;

    public static Declared<ModelConfig> Read(MapReader file, Declared<ProviderConfig> providers)
    {
        var models = new List<ModelConfig>();
        var names = new List<string>();
        foreach (var (entry, path) in file.Entries("models"))
        {
            var id = entry.Key.Text;
            names.Add(id);
            Reference.CheckName(file.Problems, entry.Key, path, "model");
            if (entry.Value is YamlScalar { IsNull: false })
            {
                if (file.TextOf(entry.Value, entry.Value, path) is { } provider
                    && Reference.Exists(file.Problems, entry.Value, path, "provider", provider, providers.Names))
                {
                    models.Add(Short(id, provider, providers));
                }
            }
            else if (file.Of(entry.Value, entry.Key, path) is { } model)
            {
                models.Add(Read(id, model, providers));
                model.Finish();
            }
            else
            {
                file.Problems.Error(entry.Value, path, "wrong-type", $"{path} must be a group of keys or a provider's name, not {entry.Value.Kind}.", "Write at least 'provider' under it.");
            }
        }

        return new(models, names);
    }

    private static ModelConfig Read(string id, MapReader model, Declared<ProviderConfig> providers)
    {
        var provider = model.Text("provider");
        if (provider is not null)
        {
            Reference.Exists(model.Problems, model.At("provider"), model.PathOf("provider"), "provider", provider, providers.Names);
        }

        model.Missing("provider", "Write 'provider:' and the name of one declared under providers.");
        var name = model.Text("name") ?? id;
        var bundled = BundledFor(name, provider, providers);
        var config = new ModelConfig
        {
            Id = new(id),
            Provider = new(provider ?? ""),
            Name = name,
            Version = model.Text("version"),
            Architecture = model.Text("architecture"),
            Parameters = model.Text("parameters"),
            ContextLength = model.Count("contextLength", 1, MaxTokens) ?? bundled?.ContextLength,
            MaxOutputTokens = model.Count("maxOutputTokens", 1, MaxTokens),
            InputCostPer1K = model.Money("inputCostPer1k") ?? bundled?.InputCostPer1k,
            OutputCostPer1K = model.Money("outputCostPer1k") ?? bundled?.OutputCostPer1k,
            P50Ms = model.Number("p50Ms", 0, MaxMilliseconds),
            P99Ms = model.Number("p99Ms", 0, MaxMilliseconds),
            Capabilities = Capabilities(model) ?? bundled?.Capabilities ?? [],
            Rejects = RejectedNames.Read(model) ?? bundled?.Rejects ?? [],
            Bundled = bundled,
            Prefill = model.Flag("prefill") ?? false,
            InResponses = IsInResponses(model, provider, providers),
        };
        config = config with { Endpoints = EndpointSection.Read(model, config, providers) };
        if (config is { P50Ms: { } p50, P99Ms: { } p99 } && p99 < p50)
        {
            model.Problems.Error(
                model.At("p99Ms"), model.PathOf("p99Ms"), "out-of-range", $"{model.PathOf("p99Ms")} is below p50Ms.", "A 99th percentile is at least the median; exchange them.");
        }

        if (config is { MaxOutputTokens: { } output, ContextLength: { } context } && output > context)
        {
            model.Problems.Error(
                model.At("maxOutputTokens"), model.PathOf("maxOutputTokens"), "out-of-range", $"{model.PathOf("maxOutputTokens")} is above contextLength.",
                "An answer fits into the context; lower it.");
        }

        return config;
    }

    private static ModelConfig Short(string id, string provider, Declared<ProviderConfig> providers)
    {
        var bundled = BundledFor(id, provider, providers);
        return new ModelConfig
        {
            Id = new(id),
            Provider = new(provider),
            Name = id,
            ContextLength = bundled?.ContextLength,
            InputCostPer1K = bundled?.InputCostPer1k,
            OutputCostPer1K = bundled?.OutputCostPer1k,
            Capabilities = bundled?.Capabilities ?? [],
            Rejects = bundled?.Rejects ?? [],
            Bundled = bundled,
        };
    }

    private static bool IsInResponses(MapReader model, string? provider, Declared<ProviderConfig> providers)
    {
        var isIn = model.Choice("protocol", ("chat", false), ("responses", true)) ?? false;
        if (isIn && providers.Values.FirstOrDefault(known => string.Equals(known.Id.Value, provider, StringComparison.Ordinal)) is { Kind: not ProviderKind.OpenAi } other)
        {
            model.Problems.Error(
                model.At("protocol"), model.PathOf("protocol"), "responses-elsewhere", $"{model.PathOf("protocol")}: a provider of the {other.Kind} protocol has no responses.",
                "Remove the key: clients of every protocol are translated.");
        }

        return isIn;
    }

    /// <summary>The bundled entry of a model at its provider's own address; elsewhere the same name can be another model, at another price.</summary>
    private static BundledModel? BundledFor(string name, string? provider, Declared<ProviderConfig> providers) =>
        providers.Values.FirstOrDefault(known => string.Equals(known.Id.Value, provider, StringComparison.Ordinal)) is { } at
        && (at.Kind == ProviderKind.Bedrock || at.BaseUrl == at.Preset.BaseUrl)
            ? BundledCatalog.Find(at.Preset.Name, name)
            : null;

    internal static IReadOnlyList<string>? Capabilities(MapReader model) =>
        model.Items("capabilities") is { } items ? [.. items.Select(item => model.TextOf(item.Node, item.Node, item.Path)).OfType<string>()] : null;
}
