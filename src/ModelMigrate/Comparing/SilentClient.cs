using System.Diagnostics.CodeAnalysis;
using ModelMigrate.Core.Chat;
using ModelMigrate.Gateway.Ingress;
using ModelMigrate.Providers.Exchange;
using ModelMigrate.Providers.Exchange.Answers;

namespace ModelMigrate.Comparing;

/// <summary>A client that wants to know how it went, and keeps nothing of what was said.</summary>
internal sealed class SilentClient(GivenRequest request) : ExchangeClient
{
    /// <summary>What the model was asked otherwise; null for nothing.</summary>
    public string? Changes { get; private set; }

    public override bool TryTranslate(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out ChatRequest? translated, out ChatError? error)
    {
        // The bytes are those of the request as it was given.
        (translated, error) = request.Translate();
        return translated is not null;
    }

    public override ValueTask CommitAsync(AnswerHead head, CancellationToken cancellation)
    {
        Changes = head.Changes;
        return ValueTask.CompletedTask;
    }

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

    public override ValueTask FailAsync(ExchangeFailure failure)
    {
        Error = failure.Error;
        return ValueTask.CompletedTask;
    }

    /// <summary>Why there is no answer, or not the whole one; also of mistakes in the request, which are no failure of the model's.</summary>
    public ChatError? Error { get; private set; }
}
