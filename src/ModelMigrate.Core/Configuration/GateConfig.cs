using ModelMigrate.Core.Judging;

namespace ModelMigrate.Core.Configuration;

/// <summary>One gate of a migration; fields as in <see cref="GateSpec"/>.</summary>
public sealed record GateConfig
{
    public required string Name { get; init; }

    public required Metric Metric { get; init; }

    /// <summary>Error rate: an absolute difference (0.01 is one percentage point). Latency: a ratio above 1.</summary>
    public required double Margin { get; init; }

    public double Tolerance { get; init; } = 1;

    public double AlphaShare { get; init; } = 1;

    public bool Required { get; init; } = true;
}
