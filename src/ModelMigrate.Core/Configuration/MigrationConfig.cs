using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Routing;

namespace ModelMigrate.Core.Configuration;

/// <summary>One entry of <c>migrations</c>. The source is the route's model.</summary>
public sealed record MigrationConfig
{
    public required MigrationId Id { get; init; }

    public required RouteId Route { get; init; }

    public required ModelId To { get; init; }

    public string Strategy { get; init; } = "canary";

    /// <summary>At least one, weights growing, each under 100 %.</summary>
    public required IReadOnlyList<StepConfig> Steps { get; init; }

    public TimeSpan MaxHold { get; init; } = TimeSpan.FromHours(24);

    public double Alpha { get; init; } = 0.05;

    public double PromoteAlpha { get; init; } = 0.05;

    /// <summary>Null for no limit.</summary>
    public int? ExposureBudget { get; init; }

    public TimeSpan Watch { get; init; } = TimeSpan.FromSeconds(3600);

    /// <summary>The source's share while watching, in parts per million.</summary>
    public int HoldBackPpm { get; init; } = 10_000;

    public RegressionPolicy OnRegression { get; init; }

    public MigrationStart Start { get; init; }

    public required IReadOnlyList<GateConfig> Gates { get; init; }

    public IReadOnlyList<HardStopConfig> HardStops { get; init; } = [];
}
