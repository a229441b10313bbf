using System.Diagnostics.CodeAnalysis;

namespace ModelMigrate.Core.Chat;

/// <summary>A whole answer, or why there is none.</summary>
public readonly struct ChatAnswer
{
    private ChatAnswer(ChatResult? result, ChatError? error) => (Result, Error) = (result, error);

    public ChatResult? Result { get; }

    public ChatError? Error { get; }

    [MemberNotNullWhen(true, nameof(Result))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsOk => Result is not null;

    public static ChatAnswer Ok(ChatResult result) => new(result, null);

    public static ChatAnswer Failed(ChatError error) => new(null, error);
}
