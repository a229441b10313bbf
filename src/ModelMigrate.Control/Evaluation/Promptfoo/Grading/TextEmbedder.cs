using System.Diagnostics.CodeAnalysis;
using ModelMigrate.Control.Evaluation.Asking;
using ModelMigrate.Control.Evaluation.Judging;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Providers.OpenAi.Embeddings;

namespace ModelMigrate.Control.Evaluation.Promptfoo.Grading;

/// <summary>Asks one model for embeddings. A text that stands in many rows is asked once. Asked by any number at once.</summary>
internal sealed class TextEmbedder(ModelSnapshot model, EmbeddingClient client, JudgeLimits limits, TimeProvider time)
{
    /// <summary>A vector has some thousands of numbers: some 100 MB at most.</summary>
    private const int MostKept = 4096;

    private static readonly TimeSpan s_firstWait = TimeSpan.FromSeconds(1);

    private readonly KeptOnce<Embedded> _kept = new(MostKept, static embedded => embedded.IsOk);

    /// <summary>What was asked so far, and what it cost.</summary>
    public JudgeUsage Usage { get; } = new(new CostLimit(most: null));

    public Task<Embedded> EmbedAsync(string text, CancellationToken cancellation) => _kept.OfAsync(text, () => AskAsync(text, cancellation));

    private async Task<Embedded> AskAsync(string text, CancellationToken cancellation)
    {
        for (var (tries, wait) = (1, s_firstWait); ; tries++, wait *= 2)
        {
            var (embedding, error) = await OnceAsync(text, cancellation);
            Usage.Settle(0, embedding is null ? 0 : embedding.Tokens is { } tokens ? model.Cost(tokens, 0) : null, embedding?.Tokens ?? 0, 0, embedding?.Model);
            if (embedding is not null)
            {
                return new Embedded(embedding.Vector, Why: null);
            }

            if (error is not { Kind: ChatErrorKind.Connection or ChatErrorKind.Timeout or ChatErrorKind.Throttled or ChatErrorKind.Provider } || tries >= limits.Tries)
            {
                return new Embedded(Vector: null, $"The model of embeddings could not be asked{(error?.Status is { } status ? $" ({status})" : "")}: {error?.Message}");
            }

            Usage.Retried();
            await Task.Delay(error.RetryAfter ?? wait, time, cancellation);
        }
    }

    private async Task<(TextEmbedding? Embedding, ChatError? Error)> OnceAsync(string text, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(limits.CallLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            return await client.EmbedAsync(model, text, either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (null, new ChatError(ChatErrorKind.Timeout, "It did not answer in time."));
        }
    }

    /// <summary>A vector, or why there is none.</summary>
    internal sealed record Embedded(IReadOnlyList<double>? Vector, string? Why)
    {
        [MemberNotNullWhen(true, nameof(Vector))]
        [MemberNotNullWhen(false, nameof(Why))]
        public bool IsOk => Vector is not null;
    }
}
