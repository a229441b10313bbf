using ModelMigrate.Core.Judging;

namespace ModelMigrate.Core.Configuration;

/// <summary>One gate of a migration; fields as in <see cref="GateSpec"/>.</summary>
public sealed record GateConfig
{
    public required string Name { get; init; }

    public required Metric Metric { get; init; }

    public string? Check { get; init; }

    public GateUnit Unit { get; init; }

    /// <summary>A difference (0.01 is one percentage point, or a hundredth of a score), or a ratio above 1 for latencies and cost.</summary>
    public required double Margin { get; init; }

    public double Tolerance { get; init; } = 1;

    public double AlphaShare { get; init; } = 1;

    public bool Required { get; init; } = true;

    public NoDataPolicy NoData { get; init; }

    public TimeSpan? NoDataAfter { get; init; }

    /// <summary>Null for what the migration says.</summary>
    public RegressionPolicy? OnRegression { get; init; }
}
