namespace ModelMigrate.Core.Chat;

/// <summary>
/// One event of a streamed answer. The first one names id and model, text follows, then one carries the finish reason; usage comes
/// with or before the end. An <see cref="Error"/> is the last event of a stream that failed.
/// </summary>
public readonly record struct ChatDelta
{
    /// <summary>The provider's id of the answer.</summary>
    public string? Id { get; init; }

    /// <summary>The model version that the provider reports.</summary>
    public string? Model { get; init; }

    /// <summary>Text to append.</summary>
    public string? Text { get; init; }

    public FinishReason? Finish { get; init; }

    /// <summary>The totals so far; a later event's replace an earlier one's.</summary>
    public Usage? Usage { get; init; }

    public ChatError? Error { get; init; }
}
