using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Checks;
using ModelMigrate.Core.Routing;
using ModelMigrate.Core.Routing.Clients;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Core.Routing.Strategies;

namespace ModelMigrate.Core.Configuration;

/// <summary>One entry of <c>routes</c>.</summary>
public sealed record RouteConfig
{
    /// <summary>The model name that clients ask for.</summary>
    public required RouteId Id { get; init; }

    public required ModelId Model { get; init; }

    public IReadOnlyList<ModelId> Fallback { get; init; } = [];

    /// <summary>Null for none.</summary>
    public ModelId? LargerContext { get; init; }

    public RefusalPolicy OnRefusal { get; init; }

    public CutPolicy OnCut { get; init; }

    public RouteLimits Limits { get; init; } = RouteLimits.Default;

    /// <summary>Null for no limit.</summary>
    public int? MaxConcurrent { get; init; }

    public InFlightPolicy InFlight { get; init; }

    public ResponseHeadersMode ResponseHeaders { get; init; }

    /// <summary>Whether endpoints that the gateway does not know are sent on to the provider.</summary>
    public bool PassThrough { get; init; }

    public ChangesPolicy Changes { get; init; }

    /// <summary>What every answer is checked for.</summary>
    public IReadOnlyList<AnswerCheck> Checks { get; init; } = [];

    /// <summary>Null for none.</summary>
    public CacheLimits? Cache { get; init; }

    /// <summary>What all clients together may spend on it.</summary>
    public IReadOnlyList<Budget> Budgets { get; init; } = [];

    /// <summary>What serves in place of the model when the environment says <c>FF_NEW_MODELS=true</c>; null for nothing.</summary>
    public ModelId? NewModel { get; init; }

    public IReadOnlyList<RuleConfig> Rules { get; init; } = [];

    /// <summary>Null for the default, so that a switch of the environment knows what the file leaves open.</summary>
    public EndpointStrategy? Strategy { get; init; }

    public bool Affinity { get; init; }

    /// <summary>Lower case.</summary>
    public string StickyHeader { get; init; } = "x-user-id";
}
