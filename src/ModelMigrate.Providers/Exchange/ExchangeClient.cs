using System.Diagnostics.CodeAnalysis;
using ModelMigrate.Core.Chat;
using ModelMigrate.Providers.Exchange.Answers;

namespace ModelMigrate.Providers.Exchange;

/// <summary>
/// The client's side of an exchange, in the client's protocol. Nothing is sent before <see cref="CommitAsync"/>; after it the answer
/// is one model's and every write is sent at once. Writes never throw for a client that went away: its token says so.
/// </summary>
public abstract class ExchangeClient
{
    /// <summary>
    /// Reads the request, whose bytes are <paramref name="body"/>, into the neutral language, or says which field is wrong. Its long texts stay where
    /// they stand: what is read holds as long as the bytes.
    /// </summary>
    public abstract bool TryTranslate(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out ChatRequest? translated, out ChatError? error);

    /// <summary>Begins an answer.</summary>
    public abstract ValueTask CommitAsync(AnswerHead head, CancellationToken cancellation);

    /// <summary>Sends bytes of the client's own protocol: stream events, or a whole body.</summary>
    public abstract ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation);

    /// <summary>Writes one event of a stream, to be sent with <see cref="FlushAsync"/>.</summary>
    public abstract void Write(ChatDelta delta);

    /// <summary>Sends what was written.</summary>
    public abstract ValueTask FlushAsync(CancellationToken cancellation);

    /// <summary>Sends a whole answer.</summary>
    public abstract ValueTask WriteAsync(ChatResult result, CancellationToken cancellation);

    /// <summary>Says that the bytes sent so far began a stream of plain text, <paramref name="begun"/>; events that follow go on with it.</summary>
    public abstract void Continue(BegunAnswer begun);

    /// <summary>Ends a stream whose end the provider's bytes did not carry.</summary>
    public abstract ValueTask EndStreamAsync(CancellationToken cancellation);

    /// <summary>Tells the client that there is no answer: a refusal before commit, an error event after it.</summary>
    public abstract ValueTask FailAsync(ExchangeFailure failure);
}
