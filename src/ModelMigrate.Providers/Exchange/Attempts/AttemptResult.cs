using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Observing;

namespace ModelMigrate.Providers.Exchange.Attempts;

/// <summary>How one call of a model went.</summary>
internal sealed record AttemptResult
{
    /// <summary>Whether bytes of this answer went to the client.</summary>
    public bool Committed { get; init; }

    /// <summary>Null for a whole answer.</summary>
    public ChatError? Error { get; init; }

    public StopCause Stop { get; init; }

    public Usage? Usage { get; init; }

    public string? ModelVersion { get; init; }

    /// <summary>Why the answer ended; of several choices, the last. Null where it did not, or its protocol does not say.</summary>
    public FinishReason? Finish { get; init; }

    /// <summary>The id of an answer that its provider keeps, or null.</summary>
    public string? Held { get; init; }

    /// <summary>Whether the answer refuses to answer; null when there is none. With an error: it was given up for another model's.</summary>
    public bool? Refused { get; init; }

    /// <summary>Timestamp of the first content of a stream.</summary>
    public long? FirstContent { get; init; }

    /// <summary>The provider's own error body, when the client speaks its protocol.</summary>
    public ReadOnlyMemory<byte> ErrorBody { get; init; }

    /// <summary>That body's content type, when it says more than that it is JSON.</summary>
    public string? ErrorType { get; init; }

    public bool IsOk => Error is null;

    /// <summary>What the arm is charged with.</summary>
    public Outcome Outcome => Stop switch
    {
        StopCause.Client or StopCause.Draining or StopCause.Cut => Outcome.Canceled,
        _ when Refused == true => Outcome.Ok,
        _ => Error?.Kind switch
        {
            null => Outcome.Ok,
            ChatErrorKind.Request => Outcome.ClientError,
            ChatErrorKind.Throttled => Outcome.Throttled,
            ChatErrorKind.Timeout => Outcome.Timeout,
            ChatErrorKind.Unavailable => Outcome.Canceled,
            ChatErrorKind.Connection or ChatErrorKind.Provider or ChatErrorKind.Configuration or ChatErrorKind.UnknownModel or ChatErrorKind.Malformed => Outcome.Error,
            _ => throw new InvalidOperationException($"No outcome for {Error.Kind}."),
        },
    };
}
