using ModelMigrate.Core.Rollouts;

namespace ModelMigrate.Commands.Forecasting;

/// <summary>What the options of a forecast say; null where they say nothing.</summary>
internal sealed record ForecastGiven
{
    public required FileInfo Config { get; init; }

    /// <summary>Whether steps and gates come from the file.</summary>
    public required bool UsesFile { get; init; }

    /// <summary>Whether the traffic comes from a server.</summary>
    public required bool AsksServer { get; init; }

    public string? MigrationId { get; init; }

    public string? Route { get; init; }

    public required int Days { get; init; }

    public double? Rate { get; init; }

    public double? ErrorRate { get; init; }

    /// <summary>Milliseconds.</summary>
    public double? LatencyP50 { get; init; }

    /// <summary>Milliseconds.</summary>
    public double? LatencyP95 { get; init; }

    public double? LatencySigma { get; init; }

    public double? Quality { get; init; }

    public double? QualitySpread { get; init; }

    public double? QualityShare { get; init; }

    public IReadOnlyList<RolloutStep>? Steps { get; init; }

    public IReadOnlyList<string> Margins { get; init; } = [];

    public double? Alpha { get; init; }

    public TimeSpan? MaxHold { get; init; }

    public required uint Seed { get; init; }

    public int? Repetitions { get; init; }
}
