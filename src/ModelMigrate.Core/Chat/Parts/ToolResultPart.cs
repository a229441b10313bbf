namespace ModelMigrate.Core.Chat.Parts;

/// <summary>What a tool answered: texts, and images where the protocol allows them.</summary>
public sealed record ToolResultPart(string CallId, IReadOnlyList<ChatPart> Parts) : ChatPart
{
    /// <summary>Whether the tool failed.</summary>
    public bool IsError { get; init; }
}
