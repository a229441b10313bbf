using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat.Parts;
using ModelMigrate.Core.Routing;
using ModelMigrate.Providers.Exchange.Uploads;

namespace ModelMigrate.Providers.Exchange.Bodies;

/// <summary>
/// A client's request as it arrived, with what one scan of it found: enough to route it and to send it on with
/// nothing but the model name changed. The bytes belong to the request's owner.
/// </summary>
public sealed record ChatBody
{
    public Operation Operation { get; init; }

    /// <summary>Whose protocol it is written in.</summary>
    public ProviderKind Protocol { get; init; }

    public required ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>The form that was sent instead of <see cref="Bytes"/>, or null.</summary>
    public UploadForm? Upload { get; init; }

    /// <summary>Where the model's JSON string stands, quotes included.</summary>
    public required (int Start, int End) Model { get; init; }

    public required string ModelName { get; init; }

    public bool Stream { get; init; }

    /// <summary>Whether the client asked for the usage chunk itself.</summary>
    public bool AsksUsage { get; init; }

    /// <summary>How to ask for the usage chunk: put <see cref="UsageText"/> in place of this range.</summary>
    public (int Start, int End) UsagePlace { get; init; }

    /// <summary>The text that asks for the usage chunk, or null when nothing needs to be put in.</summary>
    public byte[]? UsageText { get; init; }

    /// <summary>Whether its answer is words, which can be checked and compared.</summary>
    public bool HasWords => Operation is Operation.Chat or Operation.Completion or Operation.Responses;

    /// <summary>How many answers the client wants: <c>n</c>, for each of its prompts or inputs.</summary>
    public int Choices { get; init; } = 1;

    /// <summary>The <c>user</c> field's text as it stands between its quotes; empty when absent.</summary>
    public ReadOnlyMemory<byte> User { get; init; }

    /// <summary>The first system or developer text as it stands; empty when absent.</summary>
    public ReadOnlyMemory<byte> System { get; init; }

    /// <summary>The first user text as it stands; empty when absent.</summary>
    public ReadOnlyMemory<byte> FirstUser { get; init; }

    /// <summary>The answer that it goes on with, which only the provider that holds it can (<c>previous_response_id</c>), or null.</summary>
    public string? Previous { get; init; }

    /// <summary>The provider that holds <see cref="Previous"/>; null while nobody knows.</summary>
    public ProviderId? Holder { get; init; }

    /// <summary>Whether a provider of its protocol keeps the answer: its id then stands for one conversation.</summary>
    public bool IsKept { get; init; }

    /// <summary>Whether it holds state that another model left with the client, tagged with its origin: it must not pass unread.</summary>
    public bool HoldsState { get; init; }

    /// <summary>Whether it holds state without an origin, as a provider of its protocol gave it out in bytes that passed.</summary>
    public bool HoldsRawState { get; init; }

    /// <summary>Whether the answer may hold state that only the answering model's family can read.</summary>
    public bool AsksThinking { get; init; }

    /// <summary>Whether it shows the model pictures.</summary>
    public bool HasImages { get; init; }

    /// <summary>Whether a model can be shown its pictures: it is known to see, or no model of the route is.</summary>
    public bool IsSeenBy(ModelSnapshot model, bool knowsImages) => !HasImages || model.TakesImages || !knowsImages;

    /// <summary>Whether a message holds a recording, for which not every protocol has a word.</summary>
    public bool HasAudio { get; init; }

    /// <summary>What a recording's text shall be written as, where its form says so before it is sent on; null for the provider's own choice.</summary>
    public string? SpeechFormat { get; init; }

    /// <summary>Whether a model's provider writes a recording down as <see cref="SpeechFormat"/>, as far as the catalog knows.</summary>
    public bool IsWrittenBy(ModelSnapshot model) =>
        SpeechFormat is not { } format || model.Provider.Paths.SpeechFormats is not { } formats || formats.Split(' ').Contains(format, StringComparer.Ordinal);

    /// <summary>The first field that the neutral language has no word for, or null when the whole request can be translated.</summary>
    public string? Untranslatable { get; init; }

    /// <summary>The field for which a model cannot be asked: its protocol is another, and has no word for it. Null when it can be.</summary>
    internal string? ObstacleAt(ModelSnapshot model) =>
        IsSpokenAt(model) ? null : Untranslatable ?? (HasAudio && model.Provider.Kind != ProviderKind.Gemini ? "messages.content" : null);

    /// <summary>
    /// The family that made the state without an origin. Bytes pass untagged where one family serves, so it was the source's; a source of
    /// another protocol has never given out any, and then it is from before the gateway: only one maker signs in the messages protocol.
    /// </summary>
    internal string RawFamily(ModelSnapshot source) =>
        Operation == Operation.Responses ? source.TakesResponses ? OpaqueState.At(source.Family, source.Provider.Id.Value) : OpaqueState.OfNobody
        : source.Provider.Kind == Protocol ? source.Family : Protocol == ProviderKind.Anthropic ? "claude" : OpaqueState.OfNobody;

    /// <summary>Whether it holds state without an origin that is not a model's to read.</summary>
    internal bool HoldsForeign(ModelSnapshot model, ModelSnapshot source) => HoldsRawState
        && (Operation == Operation.Responses ? !IsReadAt(model, source) : !string.Equals(RawFamily(source), model.Family, StringComparison.Ordinal));

    /// <summary>Whether a model must not read its bytes, and translation cannot take out of them what is not the model's.</summary>
    internal bool IsStuck(ModelSnapshot model, ModelSnapshot source) =>
        Operation == Operation.Responses && Untranslatable is not null && Previous is null && HoldsForeign(model, source);

    /// <summary>Whether the answers of a route's models may hold state that not all of them can read.</summary>
    internal bool IsMixedOn(RouteSnapshot route) =>
        Operation == Operation.Responses ? route.Models.Any(model => IsSpokenAt(model) && !IsReadAt(model, route.Source)) : route.IsMixed;

    private static bool IsReadAt(ModelSnapshot model, ModelSnapshot source) =>
        source.TakesResponses && model.Family == source.Family && source.IsServedBy(model.Provider.Id);

    /// <summary>Whether a model is asked in the body's own protocol, at a provider that can go on with what it names.</summary>
    internal bool IsSpokenAt(ModelSnapshot model) => model.Provider.Kind == Protocol && Operation switch
    {
        Operation.Chat => !model.InResponses,
        Operation.Responses => model.TakesResponses && (Holder is not { } holder || model.IsServedBy(holder)),
        Operation.Completion or Operation.Embedding or Operation.Transcription or Operation.Translation => true,
    };
}
