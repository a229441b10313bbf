namespace ModelMigrate.Core.Chat;

/// <summary>A failed call of a model.</summary>
/// <param name="Kind">Whom it concerns.</param>
/// <param name="Message">The provider's reason where it gave one.</param>
public sealed record ChatError(ChatErrorKind Kind, string Message)
{
    /// <summary>The provider's HTTP status, or null when none arrived.</summary>
    public int? Status { get; init; }

    /// <summary>The provider's own name for the error, for example <c>overloaded_error</c>, or null.</summary>
    public string? Code { get; init; }

    /// <summary>The request field that the error is about, or null.</summary>
    public string? Field { get; init; }

    /// <summary>What a refusal of the request is about; with anything but <see cref="RefusalReason.None"/> the kind is <see cref="ChatErrorKind.Request"/>.</summary>
    public RefusalReason Reason { get; init; }

    /// <summary>How long the provider asks to wait, or null.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
