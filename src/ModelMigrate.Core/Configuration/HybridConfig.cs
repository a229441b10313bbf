using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Routing;
using ModelMigrate.Core.Routing.Policies;

namespace ModelMigrate.Core.Configuration;

/// <summary>An entry of <c>migrations</c> with <c>strategy: hybrid</c>. The source is the route's model.</summary>
public sealed record HybridConfig
{
    public required MigrationId Id { get; init; }

    public required RouteId Route { get; init; }

    public required ModelId To { get; init; }

    public HybridMode Mode { get; init; } = HybridMode.Hybrid;

    /// <summary>Requests that may meet the target; null for no limit.</summary>
    public int? ExposureBudget { get; init; }
}
