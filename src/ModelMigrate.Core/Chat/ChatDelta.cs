using ModelMigrate.Core.Chat.Parts;
using ModelMigrate.Core.Chat.Tools;

namespace ModelMigrate.Core.Chat;

/// <summary>
/// One event of a streamed answer. The first one names id and model, content follows, then one carries the finish reason; usage comes
/// with or before the end. An <see cref="Error"/> is the last event of a stream that failed. At most one kind of content is set.
/// </summary>
public readonly record struct ChatDelta
{
    /// <summary>The provider's id of the answer.</summary>
    public string? Id { get; init; }

    /// <summary>The model version that the provider reports.</summary>
    public string? Model { get; init; }

    /// <summary>Text to append.</summary>
    public string? Text { get; init; }

    /// <summary>Words of a refusal to append.</summary>
    public string? Refusal { get; init; }

    /// <summary>Thinking to append.</summary>
    public string? Thinking { get; init; }

    /// <summary>Ends a thinking, or is all that is shown of one.</summary>
    public OpaqueState? State { get; init; }

    /// <summary>Begins a tool call, or appends to its arguments.</summary>
    public ToolCallDelta? ToolCall { get; init; }

    public FinishReason? Finish { get; init; }

    /// <summary>The stop text that was met, with <see cref="Finish"/>.</summary>
    public string? StopText { get; init; }

    /// <summary>The totals so far; a later event's replace an earlier one's.</summary>
    public Usage? Usage { get; init; }

    public ChatError? Error { get; init; }

    /// <summary>Whether this is something of the answer itself: from then on it is one model's.</summary>
    public bool HasContent =>
        !string.IsNullOrEmpty(Text) || !string.IsNullOrEmpty(Refusal) || !string.IsNullOrEmpty(Thinking) || State is not null || ToolCall is not null;
}
