using ModelMigrate.Control.Evaluation.Planning;

namespace ModelMigrate.Control.Evaluation.Performance;

/// <summary>How a model's speed is measured.</summary>
public sealed record PerformanceOptions
{
    /// <summary>Rounds of each batch size whose times are thrown away.</summary>
    public int Warmup { get; init; } = 5;

    /// <summary>Rounds of each batch size that are measured.</summary>
    public int Iterations { get; init; } = 50;

    /// <summary>Calls that a round sends at once.</summary>
    public IReadOnlyList<int> Batches { get; init; } = [1, 4, 8, 16];

    /// <summary>For one call; what failed counts as this or more.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>US dollars that the run may cost at most; null for no limit.</summary>
    public decimal? MaxCost { get; init; }

    public AskSettings Settings { get; init; } = new();

    /// <summary>Calls of each model, warm-up too.</summary>
    public long Calls => Batches.Sum(batch => (long)batch * (Warmup + Iterations));
}
