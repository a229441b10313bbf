namespace ModelMigrate.Core.Chat;

/// <summary>Plain text.</summary>
public sealed record TextPart(string Text) : ChatPart;
