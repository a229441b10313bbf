namespace ModelMigrate.Control.Evaluation.Timing;

/// <summary>One streamed call by the clock. Times are of arrival here: what comes in one packet comes at one time.</summary>
internal sealed record TimedCall
{
    /// <summary>Why there is no whole answer: a kind of <see cref="Core.Chat.ChatErrorKind"/> in lower case, or <c>empty</c>; null when there is one.</summary>
    public string? Error { get; init; }

    /// <summary>What the provider said went wrong.</summary>
    public string? Message { get; init; }

    /// <summary>Milliseconds from the call to its first content; null when none came.</summary>
    public double? FirstTokenMs { get; init; }

    /// <summary>Milliseconds from the call to the end of its answer; null when it failed.</summary>
    public double? WholeMs { get; init; }

    /// <summary>Milliseconds between one content and the next.</summary>
    public IReadOnlyList<double> GapsMs { get; init; } = [];

    public long? InputTokens { get; init; }

    /// <summary>As the provider reports; else the pieces that came.</summary>
    public long OutputTokens { get; init; }

    /// <summary>Whether the provider reported no usage, so that pieces were counted.</summary>
    public bool IsCounted { get; init; }

    /// <summary>The version that the provider reports.</summary>
    public string? Model { get; init; }

    /// <summary>US dollars; null when a price or the usage is unknown.</summary>
    public decimal? Cost { get; init; }
}
