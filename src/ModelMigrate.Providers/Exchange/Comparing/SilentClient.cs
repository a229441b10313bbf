using System.Diagnostics.CodeAnalysis;
using ModelMigrate.Core.Chat;
using ModelMigrate.Providers.Exchange.Answers;

namespace ModelMigrate.Providers.Exchange.Comparing;

/// <summary>Stands where a client would, for a call whose answer nobody waits for.</summary>
internal sealed class SilentClient : ExchangeClient
{
    public override bool TryTranslate(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out ChatRequest? translated, out ChatError? error) =>
        throw new InvalidOperationException("Whoever calls without a client has translated before.");

    public override ValueTask CommitAsync(AnswerHead head, CancellationToken cancellation) => ValueTask.CompletedTask;

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => ValueTask.CompletedTask;

    public override void Write(ChatDelta delta)
    {
    }

    public override ValueTask FlushAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

    public override ValueTask WriteAsync(ChatResult result, CancellationToken cancellation) => ValueTask.CompletedTask;

    public override void Continue(BegunAnswer begun)
    {
    }

    public override ValueTask EndStreamAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

    public override ValueTask FailAsync(ExchangeFailure failure) => ValueTask.CompletedTask;
}
