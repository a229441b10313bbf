namespace ModelMigrate.Core.Chat.Parts;

/// <summary>One piece of a turn. Each kind of content is a subtype.</summary>
public abstract record ChatPart
{
    /// <summary>The client's wish that the prompt up to here be cached, or null.</summary>
    public CacheMark? Cache { get; init; }
}
