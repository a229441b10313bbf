namespace ModelMigrate.Core.Api;

/// <summary>One route as it is served now.</summary>
public sealed record RouteView
{
    public required string Id { get; init; }

    /// <summary>The model that serves when no migration splits the route.</summary>
    public required string Model { get; init; }

    public required IReadOnlyList<string> Fallback { get; init; }

    /// <summary>The migration under way, or null.</summary>
    public string? Migration { get; init; }

    /// <summary>The migration's source, or null.</summary>
    public string? Source { get; init; }

    /// <summary>The migration's target, or null.</summary>
    public string? Target { get; init; }

    /// <summary>The target's share, 0 to 1, or null without a migration.</summary>
    public double? Weight { get; init; }

    public int? MaxConcurrent { get; init; }
}
