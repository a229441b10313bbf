namespace ModelMigrate.Core.Chat;

/// <summary>What one side said before the other answered.</summary>
public sealed record ChatTurn(ChatRole Role, IReadOnlyList<ChatPart> Parts)
{
    public ChatTurn(ChatRole role, string text)
        : this(role, [new TextPart(text)])
    {
    }
}
