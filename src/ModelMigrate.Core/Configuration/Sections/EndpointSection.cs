using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Configuration.Yaml;

namespace ModelMigrate.Core.Configuration.Sections;

/// <summary>Reads a model's <c>endpoints</c>: other places that serve it. The short form names only the provider; what is not said is as the model's.</summary>
internal static class EndpointSection
{
    private const int Most = 64;

    public static IReadOnlyList<ModelConfig> Read(MapReader model, ModelConfig own, Declared<ProviderConfig> providers)
    {
        var endpoints = new List<ModelConfig>();
        foreach (var (node, path) in model.Items("endpoints") ?? [])
        {
            if (Read(model, node, path, own, providers) is not { } endpoint)
            {
                continue;
            }

            var kind = KindOf(endpoint, providers);
            if (kind is not null && KindOf(own, providers) is { } wanted && kind != wanted)
            {
                model.Problems.Error(
                    node, path, "endpoint-kind", $"{path}: '{MapReader.Shown(endpoint.Provider.Value)}' speaks another protocol than the model's own provider.",
                    "One model speaks one protocol; declare another model, and name it as a fallback.");
            }

            if (endpoints.Prepend(own).Any(other => other.Provider == endpoint.Provider && string.Equals(other.Name, endpoint.Name, StringComparison.Ordinal)))
            {
                model.Problems.Error(node, path, "duplicate-endpoint", $"{path} is where the model is served already.", "Name another provider, or another name there.");
            }

            endpoints.Add(endpoint);
        }

        if (endpoints.Count > Most)
        {
            model.Problems.Error(model.At("endpoints"), model.PathOf("endpoints"), "too-many-endpoints", $"{model.PathOf("endpoints")} has {endpoints.Count}; a model can have {Most}.", "Put a load balancer before some.");
        }

        return endpoints;
    }

    private static ModelConfig? Read(MapReader model, YamlNode node, string path, ModelConfig own, Declared<ProviderConfig> providers)
    {
        if (node is YamlScalar)
        {
            return model.TextOf(node, node, path) is { } name && Reference.Exists(model.Problems, node, path, "provider", name, providers.Names)
                ? own with { Provider = new(name) }
                : null;
        }

        if (node is not YamlMapping || model.Of(node, node, path) is not { } endpoint)
        {
            model.Problems.Error(node, path, "wrong-type", $"{path} must be a group of keys or a provider's name, not {node.Kind}.", "Write at least 'provider' under it.");
            return null;
        }

        endpoint.Missing("provider", "Write 'provider:' and the name of one declared under providers.");
        var provider = endpoint.Text("provider");
        var exists = provider is not null && Reference.Exists(model.Problems, endpoint.At("provider"), endpoint.PathOf("provider"), "provider", provider, providers.Names);
        var read = own with
        {
            Provider = new(provider ?? ""),
            Name = endpoint.Text("name") ?? own.Name,
            InputCostPer1K = endpoint.Money("inputCostPer1k") ?? own.InputCostPer1K,
            OutputCostPer1K = endpoint.Money("outputCostPer1k") ?? own.OutputCostPer1K,
            Capabilities = ModelSection.Capabilities(endpoint) ?? own.Capabilities,
        };
        endpoint.Finish();
        return exists ? read : null;
    }

    private static Catalog.ProviderKind? KindOf(ModelConfig model, Declared<ProviderConfig> providers) =>
        providers.Values.FirstOrDefault(provider => provider.Id == model.Provider)?.Kind;
}
