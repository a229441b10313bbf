namespace ModelMigrate.Core.Chat;

/// <summary>Who speaks a turn. System text is not a turn: see <see cref="ChatRequest.System"/>.</summary>
public enum ChatRole
{
    User,
    Assistant,
}
