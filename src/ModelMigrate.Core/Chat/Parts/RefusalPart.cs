namespace ModelMigrate.Core.Chat.Parts;

/// <summary>The model's words for not answering.</summary>
public sealed record RefusalPart(string Text) : ChatPart;
