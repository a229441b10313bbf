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
    private const double LongestDelayMs = 3_600_000;

    /// <summary>promptfoo's name of a provider → ours, where they differ.</summary>
    private static readonly Dictionary<string, string> s_names = new(StringComparer.Ordinal) { ["google"] = AccessReader.Gemini, ["azureopenai"] = AccessReader.Azure };

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

    private static readonly string[] s_ownKeys = ["id", "label", "config", "env"];
    private static readonly string[] s_askedKeys = [.. s_ownKeys, "prompts", "delay"];
    private static readonly string[] s_armsKeys = [.. s_askedKeys, "transform"];

    /// <summary>What promptfoo takes from the arm, whatever a test's own provider says.</summary>
    private static readonly Dictionary<string, string> s_ofArms = new(StringComparer.Ordinal)
    {
        ["prompts"] = "Write 'prompts' at the test itself.", ["delay"] = "Write it at the entry of providers.", ["transform"] = "Write it as options.transform of the test.",
    };

    private readonly List<PromptfooProvider> _providers = [];

    private static IEnumerable<ProviderPreset> Known => BundledCatalog.Providers.Where(static preset => preset is { Protocol: ProviderKind.OpenAi or ProviderKind.Anthropic or ProviderKind.Gemini, BaseUrl: not null }
        || preset.Name is AccessReader.Azure or AccessReader.Bedrock);

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
        var map = settings is null ? null : role == ProviderRole.Test ? file.Keys(settings, "A test's provider", s_ownKeys, s_ofArms) : file.Keys(settings, "A provider", role == ProviderRole.Arm ? s_armsKeys : s_askedKeys);
        var environment = Environment(map);
        var provider = id == Echo ? new PromptfooProvider(id, id, Kind: null, id)
            : !HttpReader.IsHttp(id) ? Model(id, at, map, environment)
            : new HttpReader(file, environment).Read(id, at, map) is { } http ? new PromptfooProvider(id, id is "http" or "https" ? http.Url : id, Kind: null, id) { Http = http } : null;
        var (label, prompts, delay) = map is null ? (null, [], null) : (file.Text(map, "label"), file.Texts(map, "prompts"), file.Number(map, "delay", 0, LongestDelayMs));
        var transform = role == ProviderRole.Arm ? TransformReader.Read(map?.Find("transform")?.Value, file, allowsScripts) : null;
        return provider is null ? null : provider with { Label = label ?? provider.Label, Prompts = prompts, Delay = delay is { } wait ? TimeSpan.FromMilliseconds(wait) : null, Transform = transform };
    }

    /// <summary>A model of a provider that the bundled table has.</summary>
    private PromptfooProvider? Model(string id, YamlNode at, YamlMapping? map, Func<string, string?> environment)
    {
        var (kind, model) = Split(id);
        var isVertex = kind == VertexReader.Kind && role != ProviderRole.Embedder;
        var keys = role is ProviderRole.Arm or ProviderRole.Test ? s_answersKeys : s_keys;
        var config = map?.Find("config")?.Value is { IsNull: false } written ? file.Keys(written, "A provider's config", isVertex ? [.. keys, .. VertexReader.Keys] : keys, isVertex ? VertexReader.Refused : null) : null;
        var access = isVertex ? new VertexReader(file, config, environment).Read(model, at) : Preset(kind, model, id, at) is { } preset ? new AccessReader(file, config, environment).Read(preset, model, at) : null;
        return access is null ? null : new PromptfooProvider(id, id, access.Kind, access.Model)
        {
            BaseUrl = access.BaseUrl,
            ApiKey = access.Key,
            ApiVersion = access.ApiVersion,
            Aws = access.Aws,
            Google = access.Google,
            IsPriced = access.IsPriced,
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

    /// <summary>The entry of the bundled table; null after the reason was added.</summary>
    private ProviderPreset? Preset(string kind, string model, string id, YamlNode at)
    {
        var embeds = role == ProviderRole.Embedder;
        if (model.Length > 0 && Known.FirstOrDefault(preset => preset.Name == kind && (!embeds || preset.Protocol == ProviderKind.OpenAi)) is { } known)
        {
            return known;
        }

        if (embeds)
        {
            file.Refuse(at, "unknown-provider", $"The provider '{MapReader.Shown(id)}' cannot be asked for embeddings here.", Embedding);
            return null;
        }

        var near = NearestName.Of(kind, Known.Select(static each => each.Name).Append(VertexReader.Kind).Append(Echo));
        file.Refuse(at, "unknown-provider", $"The provider '{MapReader.Shown(id)}' cannot be asked here.",
            s_otherwise.TryGetValue(kind, out var otherwise) ? otherwise
            : near is not null ? $"Write '{(near == Echo ? Echo : $"{near}:{(model.Length > 0 ? model : "MODEL")}")}'."
            : $"Write echo, or one of {string.Join(", ", Known.Select(static each => each.Name))} with a model: 'openai:chat:gpt-4.1'. A server of your own is openai:chat:NAME with config.apiBaseUrl.");
        return null;
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
}
