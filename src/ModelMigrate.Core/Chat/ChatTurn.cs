using ModelMigrate.Core.Chat.Parts;

namespace ModelMigrate.Core.Chat;

/// <summary>What one side said before the other answered. Tool results are the user's.</summary>
public sealed record ChatTurn(ChatRole Role, IReadOnlyList<ChatPart> Parts)
{
    public ChatTurn(ChatRole role, string text)
        : this(role, [new TextPart(text)])
    {
    }

    /// <summary>Tells speakers of one role apart, or null.</summary>
    public string? Name { get; init; }
}
