using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Providers.Anthropic;
using ModelMigrate.Providers.OpenAi;

namespace ModelMigrate.Providers.Http;

/// <summary>Everything about reaching one model that does not change from request to request, made once for each snapshot's model.</summary>
internal sealed class ModelEndpoint
{
    private volatile string? _version;

    public ModelEndpoint(ModelSnapshot model, ProviderConnections connections, TimeProvider time)
    {
        Model = model;
        Connections = connections.For(model.Provider);
        NameJson = JsonSerializer.SerializeToUtf8Bytes(model.Name);
        Client = model.Provider.Kind switch
        {
            ProviderKind.OpenAi => new OpenAiClient(connections, time),
            ProviderKind.Anthropic => new AnthropicClient(connections, time),
            _ => throw new ArgumentOutOfRangeException(nameof(model), model.Provider.Kind, "no adapter"),
        };
        ChatUri = OpenAiProtocol.ChatUri(model.Provider);
        Authorization = model.Provider.ApiKey is { } key ? "Bearer " + key.Reveal() : null;
    }

    public ModelSnapshot Model { get; }

    public ProviderKind Protocol => Model.Provider.Kind;

    public HttpMessageInvoker Connections { get; }

    /// <summary>The provider's name of the model as a JSON string.</summary>
    public byte[] NameJson { get; }

    /// <summary>Where the OpenAI protocol's chat completions are, when the provider speaks it.</summary>
    public Uri ChatUri { get; }

    public string? Authorization { get; }

    public IModelClient Client { get; }

    /// <summary>The model version seen last; the same text is then not made anew for each answer.</summary>
    public string? Version
    {
        get => _version;
        set => _version = value ?? _version;
    }
}
