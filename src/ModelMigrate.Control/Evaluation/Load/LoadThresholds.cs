namespace ModelMigrate.Control.Evaluation.Load;

/// <summary>Lines that a load must hold; null for none.</summary>
public sealed record LoadThresholds
{
    /// <summary>The least share of all requests that is answered.</summary>
    public double? MinSuccess { get; init; }

    /// <summary>Good answers a second, at least.</summary>
    public double? MinGoodput { get; init; }

    /// <summary>The longest latency of each percentile, by its share.</summary>
    public IReadOnlyDictionary<double, TimeSpan> MaxLatency { get; init; } = new SortedDictionary<double, TimeSpan>();

    /// <summary>The same until the first content.</summary>
    public IReadOnlyDictionary<double, TimeSpan> MaxFirstToken { get; init; } = new SortedDictionary<double, TimeSpan>();

    public bool IsEmpty => MinSuccess is null && MinGoodput is null && MaxLatency.Count + MaxFirstToken.Count == 0;
}
