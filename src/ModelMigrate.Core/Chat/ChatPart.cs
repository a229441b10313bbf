namespace ModelMigrate.Core.Chat;

/// <summary>One piece of a turn. Each kind of content is a subtype.</summary>
public abstract record ChatPart;
