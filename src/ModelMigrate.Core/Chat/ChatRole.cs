namespace ModelMigrate.Core.Chat;

/// <summary>Who speaks a turn.</summary>
public enum ChatRole
{
    User,
    Assistant,

    /// <summary>The application, in the middle of a conversation; what it says at the beginning is <see cref="ChatRequest.System"/>.</summary>
    System,
}
