using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Routing;
using ModelMigrate.Core.Routing.Rules;

namespace ModelMigrate.Core.Configuration;

/// <summary>One of a route's <c>rules</c>; fields as in <see cref="RouteRule"/>.</summary>
public sealed record RuleConfig
{
    public required string Name { get; init; }

    /// <summary>Higher ones are looked at first; of equals the earlier one.</summary>
    public int Priority { get; init; }

    public required RuleDestination To { get; init; }

    public ModelId? Model { get; init; }

    public IReadOnlyList<string>? Users { get; init; }

    public IReadOnlyList<string>? Clients { get; init; }

    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    public bool? Images { get; init; }

    public bool? Stream { get; init; }

    public int SharePpm { get; init; } = SplitSnapshot.Total;
}
