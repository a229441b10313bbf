namespace ModelMigrate.Core.Chat.Parts;

/// <summary>Plain text.</summary>
public sealed record TextPart(string Text) : ChatPart;
