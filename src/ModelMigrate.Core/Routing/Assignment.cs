using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Observing;

namespace ModelMigrate.Core.Routing;

/// <summary>Where one request goes, and whether it counts as evidence.</summary>
public readonly record struct Assignment
{
    public required RoutingSnapshot Snapshot { get; init; }

    public required RouteSnapshot Route { get; init; }

    public required Arm Arm { get; init; }

    /// <summary>The model that the arm stands for.</summary>
    public required ModelSnapshot Model { get; init; }

    /// <summary>The admission to end with an observation, or null for a request that is in neither arm's counts.</summary>
    public Admission? Admission { get; init; }

    /// <summary>The split that assigned the arm, or null on a route without a migration.</summary>
    public SplitSnapshot? Split => Route.Split;
}
