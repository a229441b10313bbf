using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Catalog.Bundled;
using ModelMigrate.Core.Configuration.Yaml;

namespace ModelMigrate.Core.Promptfoo.Reading;

/// <summary>Reads where a model of a bundled provider is asked, and with what.</summary>
/// <param name="file">Where it stands.</param>
/// <param name="config">The provider's; null for none.</param>
/// <param name="environment">A variable that the provider, the file or the environment sets.</param>
internal sealed class AccessReader(SourceFile file, YamlMapping? config, Func<string, string?> environment)
{
    public const string Azure = "azure";
    public const string Bedrock = "bedrock";
    public const string Gemini = "gemini";

    private const string Ollama = "ollama";

    /// <summary>What promptfoo asks Azure for when nothing is written.</summary>
    private const string AzureVersion = "2024-12-01-preview";

    /// <summary>Null after the reason was added.</summary>
    public ModelAccess? Read(ProviderPreset preset, string model, YamlNode at)
    {
        var problems = file.Files.Count;
        var (url, aws) = (Url(preset.Name, at), preset.Name == Bedrock ? Aws(at) : null);
        return file.Files.Count > problems ? null : new ModelAccess(preset.Name, model, url, Key(preset), url is null || aws is not null)
        {
            ApiVersion = preset.Name == Azure ? (config is null ? null : file.Text(config, "apiVersion")) ?? AzureVersion : null,
            Aws = aws,
        };
    }

    private string? Key(ProviderPreset preset) => Filled("apiKey") ?? (config is not null && file.Text(config, "apiKeyEnvar") is { } name ? environment(name) : null)
        ?? (preset.Name == Gemini ? environment("GOOGLE_API_KEY") : null) ?? (preset.KeyVariable is { } variable ? environment(variable) : null) ?? (preset.Name == Azure ? environment("AZURE_API_KEY") : null);

    private Uri? Url(string kind, YamlNode at)
    {
        var text = Filled("apiBaseUrl") ?? (Filled("apiHost") is { } host ? kind == Azure ? ServerAddress.OfHost(host) : $"https://{host}/v1" : null)
            ?? kind switch
            {
                Azure => environment("AZURE_API_BASE_URL") ?? environment("AZURE_OPENAI_BASE_URL") ?? ((environment("AZURE_API_HOST") ?? environment("AZURE_OPENAI_API_HOST")) is { } resource ? ServerAddress.OfHost(resource) : ""),
                Ollama => environment("OLLAMA_BASE_URL") is { } server ? $"{server.TrimEnd('/')}/v1" : null,
                Bedrock => $"https://bedrock-runtime.{Region}.amazonaws.com",
                _ => null,
            };
        if (text is "" && kind == Azure)
        {
            file.Refuse(at, "missing-key", "The resource of Azure is not named.", "Write 'config: {apiHost: NAME.openai.azure.com}', or set AZURE_API_HOST.");
            return null;
        }

        if (text is null || ServerAddress.Of(text.TrimEnd('/')) is not null)
        {
            return text is null ? null : new Uri(kind == Azure && !text.Contains("/openai", StringComparison.Ordinal) ? $"{text.TrimEnd('/')}/openai/deployments" : text.TrimEnd('/'));
        }

        file.Refuse((config?.Find("apiBaseUrl") ?? config?.Find("apiHost"))?.Value ?? at, "bad-url", "apiBaseUrl is no address of a server.", "Write for example 'apiBaseUrl: http://127.0.0.1:8080/v1'; a key stands in apiKeyEnvar.");
        return null;
    }

    private string Region => Filled("region") ?? environment("AWS_BEDROCK_REGION") ?? environment("AWS_REGION") ?? "us-east-1";

    /// <summary>Keys of AWS out of the environment; null with a key of Bedrock's own, and after it was said that there is neither.</summary>
    private AwsAccess? Aws(YamlNode at)
    {
        if (environment("AWS_ACCESS_KEY_ID") is { Length: > 0 } id && environment("AWS_SECRET_ACCESS_KEY") is { Length: > 0 } key)
        {
            return new AwsAccess(Region, id, new Secret(key), environment("AWS_SESSION_TOKEN") is { Length: > 0 } session ? new Secret(session) : null);
        }

        if (environment("AWS_BEARER_TOKEN_BEDROCK") is null or "" && config?.Find("apiKey") is null)
        {
            file.Refuse(at, "missing-key", "No key of AWS is set.", "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_BEARER_TOKEN_BEDROCK. Profiles and roles are not read.");
        }

        return null;
    }

    private string? Filled(string key) => config is null ? null : FilledText.Of(config, key, file, environment);
}
