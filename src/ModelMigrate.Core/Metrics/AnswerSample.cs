namespace ModelMigrate.Core.Metrics;

/// <summary>One answer to score. What is not text (a ranking, calls of tools, a vector) is its JSON.</summary>
public sealed record AnswerSample
{
    /// <summary>What was asked, for metrics of one's own; null where nobody says.</summary>
    public string? Prompt { get; init; }

    /// <summary>The model's answer; null when there is none.</summary>
    public string? Prediction { get; init; }

    /// <summary>What it should be; several are alternatives, of which the best counts.</summary>
    public IReadOnlyList<string> References { get; init; } = [];

    /// <summary>Milliseconds until the whole answer was there.</summary>
    public double? LatencyMs { get; init; }

    /// <summary>Milliseconds until the first piece of a streamed answer was there.</summary>
    public double? FirstTokenMs { get; init; }

    /// <summary>What the answer cost, in the currency of the catalog's prices.</summary>
    public double? Cost { get; init; }

    /// <summary>Why there is no answer, or null. Such a sample has no score by any metric.</summary>
    public string? Error { get; init; }
}
