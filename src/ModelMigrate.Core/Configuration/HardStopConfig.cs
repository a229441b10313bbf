using ModelMigrate.Core.Judging.Health;

namespace ModelMigrate.Core.Configuration;

/// <summary>One fixed rule of a migration; fields as in <see cref="HardStopSpec"/>.</summary>
public sealed record HardStopConfig
{
    public required string Name { get; init; }

    public required HardStopMetric Metric { get; init; }

    public string? Check { get; init; }

    /// <summary>Error and check failure rate: a share. Latency: milliseconds, or a ratio when <see cref="RelativeToSource"/>. Quality: a score, or such a ratio.</summary>
    public required double Threshold { get; init; }

    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(300);

    public int MinimumSamples { get; init; } = 100;

    public bool RelativeToSource { get; init; } = true;

    public TimeSpan Cooldown { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>A rule that is not enabled is read and checked, and not run.</summary>
    public bool Enabled { get; init; } = true;
}
