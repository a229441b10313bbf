using System.Collections.Frozen;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Configuration;
using ModelMigrate.Core.Configuration.Compiling;
using ModelMigrate.Core.Routing;

namespace ModelMigrate.Control.Publishing;

/// <summary>Makes a configuration's routes of its models, before any migration splits them.</summary>
public static class RouteCompiler
{
    /// <summary>The configuration comes from the reader, so every model exists.</summary>
    public static RouteSnapshot Compile(RouteConfig route, FrozenDictionary<ModelId, ModelSnapshot> catalog) => new()
    {
        Id = route.Id,
        Model = catalog[route.Model],
        Fallback = [.. route.Fallback.Select(id => catalog[id])],
        LargerContext = route.LargerContext is { } larger ? catalog[larger] : null,
        OnRefusal = route.OnRefusal,
        OnCut = route.OnCut,
        Limits = route.Limits,
        MaxConcurrent = route.MaxConcurrent,
        InFlight = route.InFlight,
        ResponseHeaders = route.ResponseHeaders,
        PassThrough = route.PassThrough,
        Changes = route.Changes,
        Checks = route.Checks,
        Cache = route.Cache,
        Budgets = route.Budgets,
        Rules = RuleCompiler.Compile(route.Rules, catalog),
        Strategy = route.Strategy ?? default,
        Affinity = route.Affinity,
        StickyHeader = route.StickyHeader,
    };
}
