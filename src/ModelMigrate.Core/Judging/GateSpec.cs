namespace ModelMigrate.Core.Judging;

/// <summary>One criterion of a migration: a metric, how much worse is tolerable, and its share of α.</summary>
public sealed record GateSpec
{
    /// <summary>Unique within the migration, for example <c>errors</c>.</summary>
    public required string Name { get; init; }

    public required Metric Metric { get; init; }

    /// <summary>The check's name for <see cref="Metric.CheckFailureRate"/>, else null.</summary>
    public string? Check { get; init; }

    /// <summary>
    /// The final non-inferiority margin: an absolute difference for <see cref="Metric.ErrorRate"/> (0.01 is one percentage point),
    /// a ratio of exceedance probabilities above 1 for latencies (1.5).
    /// </summary>
    public required double Margin { get; init; }

    /// <summary>The ratio that counts as no harm at all: harm is tested against target/source ≤ this. 1 is exactly valid. Default 1.</summary>
    public double Tolerance { get; init; } = 1;

    /// <summary>This gate's share of α among the harm tests; all shares are normalised to sum to 1. Default 1.</summary>
    public double AlphaShare { get; init; } = 1;

    /// <summary>Whether promotion waits for this gate. Default true.</summary>
    public bool Required { get; init; } = true;
}
