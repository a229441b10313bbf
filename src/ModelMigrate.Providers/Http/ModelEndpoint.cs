using System.Text;
using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Providers.Anthropic;
using ModelMigrate.Providers.Exchange.Answers;
using ModelMigrate.Providers.Exchange.Bodies;
using ModelMigrate.Providers.OpenAi;
using ModelMigrate.Providers.OpenAi.Responses;
using ModelMigrate.Providers.OpenAi.Scanning;

namespace ModelMigrate.Providers.Http;

/// <summary>Everything about reaching one model that does not change from request to request, made once for each snapshot's model.</summary>
internal sealed class ModelEndpoint
{
    private readonly ResponsesClient? _responses;
    private volatile string? _version;
    private byte[]? _nameText;

    public ModelEndpoint(ModelSnapshot model, ProviderConnections connections, TimeProvider time)
    {
        Model = model;
        Connections = connections.For(model.Provider);
        NameJson = JsonSerializer.SerializeToUtf8Bytes(model.Name);
        Client = Adapters.For(model, connections, time);
        _responses = model is { TakesResponses: true, InResponses: false } ? new ResponsesClient(connections, time) : null;
        ChatUri = model.Provider.Kind == ProviderKind.OpenAi ? OpenAiProtocol.ChatUri(model) : AnthropicProtocol.MessagesUri(model.Provider);
        Credential = OpenAiProtocol.CredentialOf(model.Provider);
    }

    public ModelSnapshot Model { get; }

    public ProviderKind Protocol => Model.Provider.Kind;

    public HttpMessageInvoker Connections { get; }

    /// <summary>The provider's name of the model as it stands in a form.</summary>
    public byte[] NameText => _nameText ??= Encoding.UTF8.GetBytes(Model.Name);

    /// <summary>The provider's name of the model as a JSON string.</summary>
    public byte[] NameJson { get; }

    /// <summary>Where the provider's protocol takes chat requests.</summary>
    public Uri ChatUri { get; }

    private string? Credential { get; }

    private IModelClient Client { get; }

    /// <summary>
    /// What asks the model in the neutral language. A client of responses is asked for in that protocol wherever it is spoken, whatever
    /// others are asked in: only there does the state of its conversation mean anything.
    /// </summary>
    public IModelClient ClientOf(Operation operation) => operation == Operation.Responses && _responses is not null ? _responses : Client;

    /// <summary>Where the provider's protocol takes requests of a kind.</summary>
    public Uri UriOf(Operation operation) => operation switch
    {
        Operation.Chat => ChatUri,
        Operation.Completion => OpenAiProtocol.UriOf(Model, "/completions"),
        Operation.Embedding => OpenAiProtocol.UriOf(Model, "/embeddings"),
        Operation.Transcription => OpenAiProtocol.UriOf(Model, Model.Provider.Paths.Transcriptions ?? "/audio/transcriptions"),
        Operation.Translation => OpenAiProtocol.UriOf(Model, Model.Provider.Paths.SpeechTranslations ?? "/audio/translations"),
        Operation.Responses => OpenAiProtocol.ResponsesUri(Model),
    };

    /// <summary>A request to one of the provider's addresses, in its own protocol.</summary>
    public HttpRequestMessage NewRequest(Uri uri, HttpContent? content, IReadOnlyList<KeyValuePair<string, string>> headers, TimeSpan connectLimit)
    {
        HttpRequestMessage message;
        switch (Protocol)
        {
            case ProviderKind.OpenAi:
                message = OpenAiProtocol.Request(uri, Model.Provider, Credential, content, connectLimit);
                HeaderRules.Forward(headers, message.Headers, ProviderKind.OpenAi);
                return message;
            case ProviderKind.Anthropic:
                message = new ProviderRequest(uri, content, connectLimit);
                HeaderRules.Forward(headers, message.Headers, ProviderKind.Anthropic);
                AnthropicProtocol.Complete(message, Model.Provider);
                return message;
        }

        throw new InvalidOperationException($"No client speaks {Protocol}.");
    }

    /// <summary>Looks at what this provider answers to a body of its own protocol.</summary>
    public AnswerScanner NewScanner(ChatBody body) => Protocol switch
    {
        ProviderKind.OpenAi when body.Upload is not null => new TranscriptScanner(),
        ProviderKind.OpenAi when body.Operation == Operation.Responses => new ResponseScanner(),
        ProviderKind.OpenAi => new OpenAiScanner(Version, body.Operation, body.Choices),
        ProviderKind.Anthropic => new AnthropicScanner(Version),
        _ => throw new InvalidOperationException($"No client speaks {Protocol}."),
    };

    /// <summary>The model version seen last; the same text is then not made anew for each answer.</summary>
    public string? Version
    {
        get => _version;
        set => _version = value ?? _version;
    }
}
