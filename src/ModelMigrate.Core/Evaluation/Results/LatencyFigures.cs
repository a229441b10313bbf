namespace ModelMigrate.Core.Evaluation.Results;

/// <summary>How long an arm's whole answers took, in milliseconds; answers of a cache are in no figure.</summary>
public sealed record LatencyFigures
{
    public required long Cases { get; init; }

    public double? MeanMs { get; init; }

    public double? P50Ms { get; init; }

    public double? P95Ms { get; init; }

    public double? P99Ms { get; init; }

    /// <summary>Until the first token, of streamed answers.</summary>
    public double? FirstTokenP50Ms { get; init; }
}
