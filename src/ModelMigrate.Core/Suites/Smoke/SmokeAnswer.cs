using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Parts;

namespace ModelMigrate.Core.Suites.Smoke;

/// <summary>What a smoke check looks at.</summary>
public sealed record SmokeAnswer
{
    public string Text { get; init; } = "";

    public FinishReason? Finish { get; init; }

    public Usage? Usage { get; init; }

    public IReadOnlyList<ToolCallPart> Calls { get; init; } = [];

    /// <summary>Events of a stream that brought something of the answer.</summary>
    public int Pieces { get; init; }

    /// <summary>Why there is no answer, or null.</summary>
    public ChatError? Error { get; init; }

    public static SmokeAnswer Of(ChatAnswer answer) => answer.IsOk
        ? new SmokeAnswer { Text = answer.Result.Text, Finish = answer.Result.Finish, Usage = answer.Result.Usage, Calls = [.. answer.Result.Parts.OfType<ToolCallPart>()] }
        : new SmokeAnswer { Error = answer.Error };

    /// <summary>The same with one more event of a stream. Calls of tools are not put together: no check streams them.</summary>
    public SmokeAnswer With(in ChatDelta delta) => this with
    {
        Text = Text + delta.Text, Finish = delta.Finish ?? Finish, Usage = delta.Usage ?? Usage, Pieces = Pieces + (string.IsNullOrEmpty(delta.Text) ? 0 : 1), Error = delta.Error ?? Error,
    };
}
