using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat.Changes;

namespace ModelMigrate.Core.Chat;

/// <summary>What an adapter needs beside the request itself.</summary>
public sealed record ModelCall
{
    public required ModelSnapshot Model { get; init; }

    public required ChatRequest Request { get; init; }

    /// <summary>Bytes that the written request is likely to have, which are those of the client's own; 0 when nobody knows.</summary>
    public int ExpectedBytes { get; init; }

    /// <summary>To open a connection. Default 5 s.</summary>
    public TimeSpan ConnectLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The client's headers that its request may carry on to the provider.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>Receives those of the provider's response headers that may reach a client; null when nobody asks.</summary>
    public ICollection<KeyValuePair<string, string>>? AnswerHeaders { get; init; }

    /// <summary>Receives what the model is asked otherwise than the client asked, before it is asked.</summary>
    public ChangeList Changes { get; init; } = new();

    /// <summary>Whether a request that would have to be changed is refused instead.</summary>
    public bool RejectsChanges { get; init; }

    /// <summary>The refusal of a request that had to be changed and may not be, or null. An adapter asks once it has written the request.</summary>
    public ChatError? Refusal => RejectsChanges ? Changes.Refusal(Model.Id) : null;
}
