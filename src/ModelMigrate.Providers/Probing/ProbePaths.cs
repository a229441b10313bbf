using ModelMigrate.Core.Catalog;
using ModelMigrate.Providers.OpenAi;

namespace ModelMigrate.Providers.Probing;

/// <summary>Where a provider tells whether it serves, and of its models.</summary>
internal static class ProbePaths
{
    private const string Deployments = "/openai/deployments";

    public static Uri? Health(ModelSnapshot model) => model.Provider.Paths.Health is { } path ? Of(model, path, isHealth: true) : null;

    public static Uri? Models(ModelSnapshot model) => model.Provider.Paths.Models is { } path ? Of(model, path, isHealth: false) : null;

    private static Uri Of(ModelSnapshot model, string path, bool isHealth)
    {
        var address = model.Provider.BaseUrl.AbsoluteUri.TrimEnd('/');
        switch (model.Provider.Kind)
        {
            case ProviderKind.OpenAi when model.Provider.ApiVersion is { } version:
                // Deployments are no part of the list of models; that hangs below the resource.
                var resource = address.EndsWith(Deployments, StringComparison.Ordinal) ? address[..^"/deployments".Length] : address;
                return new Uri($"{resource}{path}?api-version={version}");
            case ProviderKind.OpenAi:
                return OpenAiProtocol.UriOf(model, path);
            case ProviderKind.Anthropic:
                return new Uri(isHealth ? $"{address}{path}?limit=1" : $"{address}{path}/{Uri.EscapeDataString(model.Name)}");
            case ProviderKind.Gemini:
                return new Uri(isHealth ? $"{address}{path}?pageSize=1" : $"{address}{path}/{Uri.EscapeDataString(model.Name)}");
            case ProviderKind.Bedrock:
                return new Uri(Control(address) + (isHealth ? path : $"{path}/{Uri.EscapeDataString(model.Name)}"));
        }

        throw new InvalidOperationException($"No protocol {model.Provider.Kind}.");
    }

    /// <summary>Models are listed by another host than the one that runs them.</summary>
    private static string Control(string address) => address.Replace("//bedrock-runtime.", "//bedrock.", StringComparison.Ordinal);
}
