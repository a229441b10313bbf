using ModelMigrate.Control.Evaluation.Datasets;
using ModelMigrate.Core.Chat.Parts;
using ModelMigrate.Core.Metrics;

namespace ModelMigrate.Control.Evaluation.Asking;

/// <summary>What came of asking one model one row once, retries included.</summary>
internal sealed record AskedAnswer
{
    /// <summary>Null when there is none.</summary>
    public string? Text { get; init; }

    /// <summary>Why there is none: a <see cref="Core.Chat.ChatErrorKind"/> in lower case; null when there is one.</summary>
    public string? Error { get; init; }

    /// <summary>What the provider said went wrong.</summary>
    public string? Message { get; init; }

    public string? Finish { get; init; }

    /// <summary>What the answer is made of, when tools are called in it; else empty.</summary>
    public IReadOnlyList<ChatPart> Parts { get; init; } = [];

    /// <summary>Whether the model or its provider refused, marked as such: words of a refusal, or a rule on content that forbade prompt or answer.</summary>
    public bool IsRefused { get; init; }

    /// <summary>The version that the provider reports.</summary>
    public string? Model { get; init; }

    public long? InputTokens { get; init; }

    public long? OutputTokens { get; init; }

    /// <summary>Milliseconds of the try that answered, waiting for a place not counted.</summary>
    public double? LatencyMs { get; init; }

    /// <summary>Milliseconds until its first piece, of a streamed answer.</summary>
    public double? FirstTokenMs { get; init; }

    /// <summary>US dollars; null when a price or the usage is unknown.</summary>
    public decimal? Cost { get; init; }

    public int Tries { get; init; } = 1;

    /// <summary>Tries that failed and were repeated, by kind: <c>connection:1 throttled:3</c>; null for none.</summary>
    public string? Retries { get; init; }

    /// <summary>Whether it was asked in an earlier run. It then has no latency of this one.</summary>
    public bool IsCached { get; init; }

    public AnswerSample Sample(DatasetRow row) => new()
    {
        Prediction = Text, References = row.References, LatencyMs = IsCached ? null : LatencyMs, FirstTokenMs = IsCached ? null : FirstTokenMs, Cost = (double?)Cost, Error = Error,
    };
}
