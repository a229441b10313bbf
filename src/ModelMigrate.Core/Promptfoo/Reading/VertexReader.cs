using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Configuration.Yaml;
using ModelMigrate.Core.Promptfoo.Templates;

namespace ModelMigrate.Core.Promptfoo.Reading;

/// <summary>Reads a model of Vertex AI's: in which protocol it is asked, where, and with whose token or key.</summary>
/// <param name="file">Where it stands.</param>
/// <param name="config">The provider's; null for none.</param>
/// <param name="environment">A variable that the provider, the file or the environment sets.</param>
internal sealed class VertexReader(SourceFile file, YamlMapping? config, Func<string, string?> environment)
{
    public const string Kind = "vertex";

    private const string Gemini = "gemini";
    private const string Claude = "claude";
    private const string Llama = "llama";

    private const string Everywhere = "global";

    /// <summary>Where Vertex has Llama and nowhere else, and what a key is asked with.</summary>
    private const string Central = "us-central1";

    /// <summary>What names of models have in them → the entry of the bundled table whose protocol they are asked in.</summary>
    private static readonly (string Family, string Kind)[] s_families = [(Gemini, "gemini"), (Claude, "anthropic"), (Llama, "openai")];

    public static readonly IReadOnlyList<string> Keys = ["projectId", "publisher", "credentials", "keyFilename", "expressMode"];

    public static readonly IReadOnlyDictionary<string, string> Refused = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["googleAuthOptions"] = "Write credentials, or keyFilename.", ["scopes"] = "Tokens are for cloud-platform, which holds every other; remove it.",
    };

    /// <summary>Kinds of credentials in JSON → what the token cannot be asked for without.</summary>
    private static readonly Dictionary<string, string[]> s_credentials = new(StringComparer.Ordinal)
    {
        ["service_account"] = ["client_email", "private_key"], ["authorized_user"] = ["client_id", "client_secret", "refresh_token"],
        ["impersonated_service_account"] = ["service_account_impersonation_url", "source_credentials"], ["external_account"] = ["audience", "subject_token_type", "token_url", "credential_source"],
    };

    /// <summary>The model; null after the reason was added.</summary>
    public ModelAccess? Read(string model, YamlNode at)
    {
        var (family, kind) = s_families.FirstOrDefault(each => model.Contains(each.Family, StringComparison.Ordinal));
        if (family is null)
        {
            file.Refuse(at, "unknown-provider", $"Vertex's model '{MapReader.Shown(model)}' cannot be asked here.", "Write vertex: with the name of a gemini, claude or llama model: 'vertex:gemini-2.5-flash'.");
            return null;
        }

        var problems = file.Files.Count;
        var key = family == Gemini && Text("expressMode") != "false" && Find("credentials", "keyFilename") is null ? Key() : null;
        var credentials = key is null ? Credentials(at) : null;
        var project = key is null ? Project(credentials, at) : null;
        var region = Region(family, key is not null, at);
        var server = Text("apiBaseUrl", "apiHost") ?? Variable("VERTEX_API_HOST");
        var url = Address(server, region, Path(family, region, project), at);
        return url is null || file.Files.Count > problems ? null : new ModelAccess(kind, family == Llama ? $"meta/{model}" : model, url, key, server is null && (family == Gemini || region == Everywhere))
        {
            Google = key is null ? new GoogleAccess(credentials is { } json ? new Secret(TemplateText.Json(json)) : null) : null,
        };
    }

    private string? Key() => Text("apiKey") ?? (Text("apiKeyEnvar") is { } name ? environment(name) : null) ?? Variable("VERTEX_API_KEY", "GOOGLE_API_KEY");

    private string Region(string family, bool hasKey, YamlNode at)
    {
        var region = Text("region") ?? Variable("VERTEX_REGION", "GOOGLE_CLOUD_LOCATION") ?? (hasKey || family == Llama ? Central : Everywhere);
        if (family == Llama && region != Central)
        {
            file.Refuse(Find("region") ?? at, "bad-value", $"Vertex has no Llama in the region '{MapReader.Shown(region)}'.", $"Write 'region: {Central}'.");
        }

        return region;
    }

    /// <param name="family">Which models they are.</param>
    /// <param name="region">Where they are asked.</param>
    /// <param name="project">Whose; null for a key, which tells.</param>
    private string Path(string family, string region, string? project)
    {
        var place = project is null ? "" : $"/projects/{project}/locations/{region}";
        return family == Llama ? $"v1beta1{place}/endpoints/openapi"
            : $"{Text("apiVersion") ?? Variable("VERTEX_API_VERSION") ?? "v1"}{place}/publishers/{(family == Claude ? "anthropic" : Text("publisher") ?? Variable("VERTEX_PUBLISHER") ?? "google")}";
    }

    /// <summary>Null after the reason was added.</summary>
    private Uri? Address(string? server, string region, string path, YamlNode at)
    {
        server ??= region == Everywhere ? "aiplatform.googleapis.com" : $"{region}-aiplatform.googleapis.com";
        if (ServerAddress.Of($"{ServerAddress.OfHost(server)}/{path}") is { } url)
        {
            return url;
        }

        file.Refuse(Find("apiBaseUrl", "apiHost", "region", "projectId", "apiVersion", "publisher") ?? at, "bad-url", "Host, region, project, version and publisher make no address.", "Write for example 'config: {projectId: my-project, region: europe-west4}'.");
        return null;
    }

    private string? Project(JsonElement? credentials, YamlNode at)
    {
        var project = Text("projectId") ?? Variable("VERTEX_PROJECT_ID", "GOOGLE_PROJECT_ID", "GOOGLE_CLOUD_PROJECT", "GCLOUD_PROJECT")
            ?? (credentials is { ValueKind: JsonValueKind.Object } json && json.TryGetProperty("project_id", out var own) && own.ValueKind == JsonValueKind.String ? own.GetString() : null);
        if (project is null)
        {
            file.Refuse(at, "missing-key", "No project of Google Cloud is named.", "Write 'config: {projectId: NAME}', or set GOOGLE_CLOUD_PROJECT.");
        }

        return project;
    }

    /// <summary>What the configuration or <c>GOOGLE_APPLICATION_CREDENTIALS</c> names; null for the machine's default, and after the reason was added.</summary>
    private JsonElement? Credentials(YamlNode at)
    {
        var written = Find("credentials");
        at = written ?? Find("keyFilename") ?? at;
        if (written is YamlMapping)
        {
            return Known(YamlJson.Convert(written), at);
        }

        var text = Text("credentials");
        var path = written is null ? Text("keyFilename") ?? Variable("GOOGLE_APPLICATION_CREDENTIALS") : text?.StartsWith(SourceFiles.Scheme, StringComparison.Ordinal) == true ? text : null;
        text = path is null ? text : file.Files.Open(path, file, at)?.Text;
        return text is null ? null : Known(Parsed(text), at);
    }

    /// <summary>Credentials of a kind for which a token can be asked; null after the reason was added.</summary>
    private JsonElement? Known(JsonElement? given, YamlNode at)
    {
        var type = given is { ValueKind: JsonValueKind.Object } json && json.TryGetProperty("type", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString()! : "";
        if (!s_credentials.TryGetValue(type, out var needed))
        {
            file.Refuse(at, "bad-credentials", "These are no credentials of Google Cloud: no JSON with a type that is known.", $"Name the JSON of a key that the console gave, or that 'gcloud auth application-default login' wrote; types are {string.Join(", ", s_credentials.Keys)}.");
            return null;
        }

        if (needed.Where(field => !given!.Value.TryGetProperty(field, out _)).ToList() is { Count: > 0 } missing)
        {
            file.Refuse(at, "bad-credentials", $"The credentials of the type {type} lack {string.Join(", ", missing)}.", "Have the JSON written anew, and name it whole.");
            return null;
        }

        return given;
    }

    private static JsonElement? Parsed(string? text)
    {
        try
        {
            return text is null ? null : JsonElement.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private YamlNode? Find(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            if (config?.Find(key)?.Value is { IsNull: false } value)
            {
                return value;
            }
        }

        return null;
    }

    /// <summary>The first that is written, with variables filled.</summary>
    private string? Text(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            if (config is not null && FilledText.Of(config, key, file, environment) is { } text)
            {
                return text;
            }
        }

        return null;
    }

    private string? Variable(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (environment(name) is { Length: > 0 } value)
            {
                return value;
            }
        }

        return null;
    }
}
