using ModelMigrate.Core.Chat;

namespace ModelMigrate.Providers.Http.Calls;

/// <summary>Reads one streamed answer of one protocol, event by event. Has one owner, the call.</summary>
internal abstract class AnswerEvents : IDisposable
{
    /// <summary>Appends what the next event says; false when it was the last one. A failed event ends the stream by its error.</summary>
    public abstract ValueTask<bool> ReadAsync(List<ChatDelta> into);

    public virtual void Dispose()
    {
    }
}
