namespace ModelMigrate.Providers.Exchange.Answers;

/// <summary>The beginning of a stream of plain text as its client has it, in a provider's own bytes: events of another call go on with it.</summary>
public sealed record BegunAnswer
{
    /// <summary>The answer's id.</summary>
    public string Id { get; init; } = "";

    /// <summary>The model name that the answer goes by.</summary>
    public string Model { get; init; } = "";

    /// <summary>When the answer began, in seconds since 1970; null where nothing says so.</summary>
    public long? CreatedAt { get; init; }

    /// <summary>The id of the item that holds the text; empty in a protocol without items.</summary>
    public string ItemId { get; init; } = "";

    /// <summary>The ids of the items before that one: thinking that shows nothing.</summary>
    public IReadOnlyList<string> ThinkingIds { get; init; } = [];

    /// <summary>The text so far.</summary>
    public string Text { get; init; } = "";

    /// <summary>The number of the next event, counted from 0, in a protocol that numbers them.</summary>
    public int NextEvent { get; init; }
}
