namespace ModelMigrate.Core.Chat;

/// <summary>
/// Speaks one provider's protocol in the neutral language. A failure of the provider is a value; the only exception is
/// <see cref="OperationCanceledException"/>, when the caller's token asks for it, and then the call at the provider is cut at once.
/// </summary>
public interface IModelClient
{
    /// <summary>Asks for a whole answer.</summary>
    Task<ChatAnswer> CompleteAsync(ModelCall call, CancellationToken cancellation);

    /// <summary>Asks for a stream. Each event is handed over as soon as it is whole.</summary>
    IAsyncEnumerable<ChatDelta> StreamAsync(ModelCall call, CancellationToken cancellation);
}
