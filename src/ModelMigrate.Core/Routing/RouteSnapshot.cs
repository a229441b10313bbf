using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Checks;
using ModelMigrate.Core.Routing.Clients;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Core.Routing.Rules;
using ModelMigrate.Core.Routing.Strategies;

namespace ModelMigrate.Core.Routing;

/// <summary>One route, compiled.</summary>
public sealed record RouteSnapshot
{
    public required RouteId Id { get; init; }

    /// <summary>The model that serves when no migration splits the route.</summary>
    public required ModelSnapshot Model { get; init; }

    /// <summary>Models tried in order after the first fails before commit. Never an unproven target.</summary>
    public IReadOnlyList<ModelSnapshot> Fallback { get; init; } = [];

    /// <summary>Asked when a model's context is too short for a request; null for none. Never an unproven target.</summary>
    public ModelSnapshot? LargerContext { get; init; }

    public RefusalPolicy OnRefusal { get; init; }

    public CutPolicy OnCut { get; init; }

    public RouteLimits Limits { get; init; } = RouteLimits.Default;

    /// <summary>Requests at once on this route; further ones are answered 429. Null for no limit.</summary>
    public int? MaxConcurrent { get; init; }

    public InFlightPolicy InFlight { get; init; }

    public ResponseHeadersMode ResponseHeaders { get; init; }

    /// <summary>Whether endpoints that the gateway does not know are sent on to the provider: unmetered, and no evidence.</summary>
    public bool PassThrough { get; init; }

    public ChangesPolicy Changes { get; init; }

    /// <summary>What every answer is checked for.</summary>
    public IReadOnlyList<AnswerCheck> Checks { get; init; } = [];

    /// <summary>How answers are kept to be given again, or null when none is.</summary>
    public CacheLimits? Cache { get; init; }

    /// <summary>What all clients together may spend on it.</summary>
    public IReadOnlyList<Budget> Budgets { get; init; } = [];

    /// <summary>Looked at in this order before a migration's split.</summary>
    public IReadOnlyList<RouteRule> Rules { get; init; } = [];

    /// <summary>How an endpoint of the chosen model is chosen, where it has several.</summary>
    public EndpointStrategy Strategy { get; init; }

    /// <summary>Whether requests of one sticky key go to one endpoint for as long as it serves, so that its prompt cache is met.</summary>
    public bool Affinity { get; init; }

    /// <summary>The request header that carries the sticky key, looked at first. Default <c>x-user-id</c>.</summary>
    public string StickyHeader { get; init; } = "x-user-id";

    /// <summary>The migration under way on this route, or null.</summary>
    public SplitSnapshot? Split { get; init; }

    /// <summary>The model that served before anything was moved: a migration's source, else the route's own.</summary>
    public ModelSnapshot Source => Split?.Source ?? Model;

    /// <summary>Whether models of several families may answer one conversation in turn.</summary>
    public bool IsMixed => Models.Any(model => model.Family != Model.Family);

    /// <summary>Whether any of its models is known to see pictures; where none is, all may.</summary>
    public bool KnowsImages => Models.Any(static model => model.TakesImages);

    /// <summary>Every model that a request of this route can meet; some may stand twice.</summary>
    public IEnumerable<ModelSnapshot> Models
    {
        get
        {
            ModelSnapshot?[] others = [LargerContext, Split?.Source, Split?.Target];
            return [Model, .. Fallback, .. others.OfType<ModelSnapshot>(), .. Rules.Select(static rule => rule.Model).OfType<ModelSnapshot>()];
        }
    }
}
