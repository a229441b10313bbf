using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Catalog.Bundled;
using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Configuration.Yaml;
using ModelMigrate.Core.Promptfoo.Templates;

namespace ModelMigrate.Core.Promptfoo.Reading;

/// <summary>Reads providers: ids of models that the bundled table has a protocol and an address for.</summary>
/// <param name="file">Where they stand.</param>
/// <param name="role">What they are named for: only those that answer may call tools, and only arms be transformed.</param>
/// <param name="allowsScripts">Whether programs are run.</param>
internal sealed class ProviderReader(SourceFile file, ProviderRole role, bool? allowsScripts = null)
{
    public const string Embedding = "Write a model of embeddings, for example 'openai:embedding:text-embedding-3-small'; a server of your own has config.apiBaseUrl.";

    private const string Echo = "echo";
    private const string Azure = "azure";
    private const string Bedrock = "bedrock";
    private const string Gemini = "gemini";

    /// <summary>What promptfoo asks Azure for when nothing is written.</summary>
    private const string AzureVersion = "2024-12-01-preview";

    private const double LongestDelayMs = 3_600_000;

    /// <summary>promptfoo's name of a provider → ours, where they differ.</summary>
    private static readonly Dictionary<string, string> s_names = new(StringComparer.Ordinal) { ["google"] = Gemini, ["azureopenai"] = "azure" };

    /// <summary>Providers of promptfoo's that are asked otherwise, and how.</summary>
    private static readonly Dictionary<string, string> s_otherwise = new(StringComparer.Ordinal)
    {
        ["exec"] = "That is a program: serve it over HTTP, and write its address as id.",
        ["python"] = "That is a program: serve it over HTTP, and write its address as id.",
        ["file"] = "That is a program: serve it over HTTP, and write its address as id.",
        ["webhook"] = "Write the address itself as id, with config.body and config.transformResponse: json.output.",
    };

    private static readonly string[] s_keys =
    [
        "apiBaseUrl", "apiHost", "apiVersion", "region", "apiKey", "apiKeyEnvar", "temperature", "max_tokens", "max_completion_tokens", "maxOutputTokens", "top_p", "presence_penalty", "frequency_penalty", "seed", "stop",
    ];

    private static readonly string[] s_answersKeys = [.. s_keys, "tools", "tool_choice", "functions", "function_call"];

    private static readonly Dictionary<ProviderRole, string[]> s_outerKeys = new()
    {
        [ProviderRole.Arm] = ["id", "label", "config", "prompts", "delay", "env", "transform"],
        [ProviderRole.Test] = ["id", "label", "config", "env"],
        [ProviderRole.Judge] = ["id", "label", "config", "prompts", "delay", "env"],
        [ProviderRole.Embedder] = ["id", "label", "config", "prompts", "delay", "env"],
    };

    /// <summary>What promptfoo takes from the arm, whatever a test's own provider says.</summary>
    private static readonly Dictionary<string, string> s_ofArms = new(StringComparer.Ordinal)
    {
        ["prompts"] = "Write 'prompts' at the test itself.", ["delay"] = "Write it at the entry of providers.", ["transform"] = "Write it as options.transform of the test.",
    };

    private readonly List<PromptfooProvider> _providers = [];
    private Func<string, string?> _environment = file.Files.Environment;

    private static IEnumerable<ProviderPreset> Known => BundledCatalog.Providers.Where(static preset => preset is { Protocol: ProviderKind.OpenAi or ProviderKind.Anthropic or ProviderKind.Gemini, BaseUrl: not null }
        || preset.Name is Azure or Bedrock);

    public IReadOnlyList<PromptfooProvider> Read(YamlNode? node)
    {
        _providers.AddRange(SourceFile.Items(node).SelectMany(item => Several(item)).OfType<PromptfooProvider>());
        foreach (var twice in _providers.GroupBy(static provider => provider.Label, StringComparer.Ordinal).Where(static group => group.Count() > 1))
        {
            file.Warn(node!, "same-label", $"{twice.Count()} providers are called '{MapReader.Shown(twice.Key)}', so results cannot tell them apart.", "Give each a label.");
        }

        return _providers;
    }

    /// <summary>Those of a file that is named, else the one.</summary>
    private List<PromptfooProvider?> Several(YamlNode item) =>
        item is YamlScalar { Text: var reference } && reference.StartsWith(SourceFiles.Scheme, StringComparison.Ordinal) && Path.GetExtension(reference) is ".yaml" or ".yml" or ".json"
            ? [.. (file.Files.Names(reference, file, item) ?? []).SelectMany(name => file.Files.OpenTree(name, file, item) is var (other, root) ? SourceFile.Items(root).Select(new ProviderReader(other, role, allowsScripts).One) : [])]
            : [One(item)];

    /// <summary>One provider, the same object wherever the same is written: tests are read again and again. Null after the reason was added.</summary>
    public PromptfooProvider? Shared(YamlNode item)
    {
        var key = $"{role} {TemplateText.Json(YamlJson.Convert(item))}";
        return file.Files.Providers.TryGetValue(key, out var known) ? known : One(item) is { } read ? file.Files.Providers[key] = read : null;
    }

    /// <summary>One provider; null after the reason was added.</summary>
    public PromptfooProvider? One(YamlNode item)
    {
        switch (item)
        {
            case YamlScalar scalar:
                return Of(scalar.Text, scalar, settings: null);
            case YamlMapping { Entries: [var only] } map when map.Find("id") is null && only.Value is YamlMapping settings:
                return Of(only.Key.Text, only.Key, settings);
            case YamlMapping map when map.Find("id")?.Value is YamlScalar id:
                return Of(id.Text, id, map);
            default:
                file.Refuse(item, "wrong-type", "The provider has no id.", "Write for example 'openai:chat:gpt-4.1', or {id: …, config: {…}}.");
                return null;
        }
    }

    private PromptfooProvider? Of(string id, YamlNode at, YamlMapping? settings)
    {
        var (embeds, answers) = (role == ProviderRole.Embedder, role is ProviderRole.Arm or ProviderRole.Test);
        var map = settings is null ? null : role == ProviderRole.Test ? file.Keys(settings, "A test's provider", s_outerKeys[role], s_ofArms) : file.Keys(settings, "A provider", s_outerKeys[role]);
        _environment = Environment(map);
        var isHttp = HttpReader.IsHttp(id);
        var (kind, model) = Split(id);
        var (isVertex, keys) = (kind == VertexReader.Kind, answers ? s_answersKeys : s_keys);
        var config = !isHttp && map?.Find("config")?.Value is { IsNull: false } written ? file.Keys(written, "A provider's config", isVertex ? [.. keys, .. VertexReader.Keys] : keys, isVertex ? VertexReader.Refused : null) : null;
        var delay = map is not null && file.Number(map, "delay", 0, LongestDelayMs) is { } wait ? TimeSpan.FromMilliseconds(wait) : (TimeSpan?)null;
        var label = map is null ? null : file.Text(map, "label");
        var prompts = map is null ? [] : file.Texts(map, "prompts");
        var transform = role == ProviderRole.Arm ? TransformReader.Read(map?.Find("transform")?.Value, file, allowsScripts) : null;
        if (id == Echo)
        {
            return new PromptfooProvider(id, label ?? id, Kind: null, id) { Prompts = prompts, Delay = delay, Transform = transform };
        }

        if (isHttp)
        {
            return new HttpReader(file, _environment).Read(id, at, map) is { } http
                ? new PromptfooProvider(id, label ?? (id is "http" or "https" ? http.Url : id), Kind: null, id) { Prompts = prompts, Delay = delay, Transform = transform, Http = http } : null;
        }

        var vertex = isVertex && !embeds ? new VertexReader(file, config, _environment).Read(model, at) : null;
        if (isVertex && !embeds && vertex is null)
        {
            return null;
        }

        (kind, model) = vertex is null ? (kind, model) : (vertex.Kind, vertex.Name);
        var preset = Known.FirstOrDefault(preset => preset.Name == kind && (!embeds || preset.Protocol == ProviderKind.OpenAi));
        if (embeds && (preset is null || model.Length == 0))
        {
            file.Refuse(at, "unknown-provider", $"The provider '{MapReader.Shown(id)}' cannot be asked for embeddings here.", Embedding);
            return null;
        }

        if (preset is null || model.Length == 0)
        {
            var near = NearestName.Of(kind, Known.Select(static each => each.Name).Append(VertexReader.Kind).Append(Echo));
            file.Refuse(at, "unknown-provider", $"The provider '{MapReader.Shown(id)}' cannot be asked here.",
                s_otherwise.TryGetValue(kind, out var otherwise) ? otherwise
                : near is not null ? $"Write '{(near == Echo ? Echo : $"{near}:{(model.Length > 0 ? model : "MODEL")}")}'."
                : $"Write echo, or one of {string.Join(", ", Known.Select(static each => each.Name))} with a model: 'openai:chat:gpt-4.1'. A server of your own is openai:chat:NAME with config.apiBaseUrl.");
            return null;
        }

        var (url, aws) = (vertex?.BaseUrl ?? Url(kind, config, at), kind == Bedrock ? Aws(config, at) : null);
        return new PromptfooProvider(id, label ?? id, preset.Name, model)
        {
            Prompts = prompts,
            Transform = transform,
            Delay = delay,
            BaseUrl = url,
            IsPriced = vertex?.IsPriced ?? (url is null || aws is not null),
            Google = vertex?.Google,
            ApiVersion = kind == Azure ? (config is null ? null : file.Text(config, "apiVersion")) ?? AzureVersion : null,
            Aws = aws,
            ApiKey = vertex is not null ? vertex.Key : (config is null ? null : Filled(config, "apiKey") ?? (file.Text(config, "apiKeyEnvar") is { } name ? _environment(name) : null))
                ?? (kind == Gemini ? _environment("GOOGLE_API_KEY") : null) ?? (preset.KeyVariable is { } variable ? _environment(variable) : null) ?? (kind == Azure ? _environment("AZURE_API_KEY") : null),
            Temperature = config is null ? null : file.Number(config, "temperature", 0, 2),
            MaxTokens = config is null ? null : (int?)(file.Number(config, "max_tokens", 1, 1_000_000) ?? file.Number(config, "max_completion_tokens", 1, 1_000_000) ?? file.Number(config, "maxOutputTokens", 1, 1_000_000)),
            TopP = config is null ? null : file.Number(config, "top_p", 0, 1),
            PresencePenalty = config is null ? null : file.Number(config, "presence_penalty", -2, 2),
            FrequencyPenalty = config is null ? null : file.Number(config, "frequency_penalty", -2, 2),
            Seed = config is null ? null : (long?)file.Number(config, "seed", 0, int.MaxValue),
            Stop = config is null ? [] : file.Texts(config, "stop"),
            Tools = ToolReader.Read(config?.Find("tools")?.Value, file),
            Functions = ToolReader.Read(config?.Find("functions")?.Value, file),
            ToolChoice = ToolReader.Choice((config?.Find("tool_choice") ?? config?.Find("function_call"))?.Value, file),
        };
    }

    /// <summary>Whether an id is one of a model of embeddings: <c>openai:embedding:name</c>, <c>openai:embeddings:name</c>.</summary>
    public static bool IsEmbedding(string id) => id.Split(':') is [_, "embedding" or "embeddings", ..];

    /// <summary><c>openai:chat:ft:name</c> is provider openai and model <c>ft:name</c>; what stands between is the protocol.</summary>
    private (string Kind, string Model) Split(string id)
    {
        var colon = id.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            return (id, "");
        }

        var (kind, model) = (id[..colon], id[(colon + 1)..]);
        if (role == ProviderRole.Embedder)
        {
            return (s_names.GetValueOrDefault(kind, kind), IsEmbedding(id) ? model[(model.IndexOf(':', StringComparison.Ordinal) + 1)..] : "");
        }

        foreach (var protocol in new[] { "chat:", "messages:", "converse:" })
        {
            model = model.StartsWith(protocol, StringComparison.Ordinal) ? model[protocol.Length..] : model;
        }

        // Other protocols of theirs are no chat.
        return model.Split(':')[0] is "embedding" or "embeddings" or "image" or "completion" or "responses" or "realtime" or "assistant" or "moderation" or "transcription" or "video" or "speech"
            ? (kind, "") : (s_names.GetValueOrDefault(kind, kind), model);
    }

    /// <summary>Variables that the provider sets go before those of the file and of the environment.</summary>
    private Func<string, string?> Environment(YamlMapping? map)
    {
        var outer = file.Files.Environment;
        if (map?.Find("env")?.Value is not { IsNull: false } node)
        {
            return outer;
        }

        if (node is not YamlMapping set)
        {
            file.Refuse(node, "wrong-type", "env must be a group of names with values.", "Write 'env: {NAME: value}'.");
            return outer;
        }

        return name => set.Find(name)?.Value is YamlScalar { IsNull: false } value ? value.Text : outer(name);
    }

    private Uri? Url(string kind, YamlMapping? config, YamlNode at)
    {
        var text = (config is null ? null : Filled(config, "apiBaseUrl") ?? (Filled(config, "apiHost") is { } host ? kind == Azure ? Resource(host) : $"https://{host}/v1" : null))
            ?? kind switch
            {
                Azure => _environment("AZURE_API_BASE_URL") ?? _environment("AZURE_OPENAI_BASE_URL") ?? ((_environment("AZURE_API_HOST") ?? _environment("AZURE_OPENAI_API_HOST")) is { } resource ? Resource(resource) : ""),
                "ollama" => _environment("OLLAMA_BASE_URL") is { } server ? $"{server.TrimEnd('/')}/v1" : null,
                Bedrock => $"https://bedrock-runtime.{Region(config)}.amazonaws.com",
                _ => null,
            };
        if (text is "" && kind == Azure)
        {
            file.Refuse(at, "missing-key", "The resource of Azure is not named.", "Write 'config: {apiHost: NAME.openai.azure.com}', or set AZURE_API_HOST.");
            return null;
        }

        if (text is null || (Uri.TryCreate(text.TrimEnd('/'), UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.UserInfo.Length + url.Query.Length + url.Fragment.Length == 0))
        {
            return text is null ? null : new Uri(kind == Azure && !text.Contains("/openai", StringComparison.Ordinal) ? $"{text.TrimEnd('/')}/openai/deployments" : text.TrimEnd('/'));
        }

        file.Refuse((config?.Find("apiBaseUrl") ?? config?.Find("apiHost"))?.Value ?? at, "bad-url", "apiBaseUrl is no address of a server.", "Write for example 'apiBaseUrl: http://127.0.0.1:8080/v1'; a key stands in apiKeyEnvar.");
        return null;
    }

    private static string Resource(string host) => host.Contains("://", StringComparison.Ordinal) ? host : $"https://{host}";

    private string Region(YamlMapping? config) => (config is null ? null : Filled(config, "region")) ?? _environment("AWS_BEDROCK_REGION") ?? _environment("AWS_REGION") ?? "us-east-1";

    /// <summary>Keys of AWS out of the environment; null with a key of Bedrock's own, and after it was said that there is neither.</summary>
    private AwsAccess? Aws(YamlMapping? config, YamlNode at)
    {
        if (_environment("AWS_ACCESS_KEY_ID") is { Length: > 0 } id && _environment("AWS_SECRET_ACCESS_KEY") is { Length: > 0 } key)
        {
            return new AwsAccess(Region(config), id, new Secret(key), _environment("AWS_SESSION_TOKEN") is { Length: > 0 } session ? new Secret(session) : null);
        }

        if (_environment("AWS_BEARER_TOKEN_BEDROCK") is null or "" && config?.Find("apiKey") is null)
        {
            file.Refuse(at, "missing-key", "No key of AWS is set.", "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_BEARER_TOKEN_BEDROCK. Profiles and roles are not read.");
        }

        return null;
    }

    private string? Filled(YamlMapping config, string key) => FilledText.Of(config, key, file, _environment);
}
