using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Routing;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Core.Routing.Strategies;

namespace ModelMigrate.Core.Configuration.Switches;

/// <summary>
/// Lets environment variables override the file, each with a warning that says what it changes. They never touch a route that a migration is declared
/// for: a source or a target that changes unseen would make evidence of nothing.
/// </summary>
internal static class EnvironmentSwitches
{
    public static ModelMigrateConfig Apply(MapReader file, ModelMigrateConfig config)
    {
        config = WithoutDisabled(file, config);
        config = WithMode(file, config);
        config = WithPrimary(file, config, SwitchNames.PrimaryProvider, isSpeech: false);
        config = WithPrimary(file, config, SwitchNames.PrimarySpeechProvider, isSpeech: true);
        config = WithRoutes(file, config, SwitchNames.NewModels, "are served by their newModel", static route => route.NewModel is not null && route.NewModel != route.Model, NewModel);
        config = WithRoutes(
            file, config, SwitchNames.NewRouting, "choose endpoints by quality-first", static _ => true, static route => route with { Strategy = EndpointStrategy.QualityFirst });
        return WithRoutes(
            file, config, SwitchNames.NewCaching, "keep answers for an hour", static _ => true,
            static route => route with { Cache = (route.Cache ?? CacheLimits.Default) with { TimeToLive = CacheLimits.Default.TimeToLive } });
    }

    private static ModelMigrateConfig WithRoutes(
        MapReader file, ModelMigrateConfig config, string name, string what, Func<RouteConfig, bool> concerns, Func<RouteConfig, RouteConfig> change)
    {
        if (Flag(file, name) != true)
        {
            return config;
        }

        var changed = config.Routes.Where(route => IsFree(config, route) && concerns(route)).Select(static route => route.Id).ToHashSet();
        if (changed.Count > 0)
        {
            InForce(file, name, "true", $"{Names(changed)} {what}");
        }

        return config with { Routes = [.. config.Routes.Select(route => changed.Contains(route.Id) ? change(route) : route)] };
    }

    private static RouteConfig NewModel(RouteConfig route) => WithFirst(route, route.NewModel!.Value);

    private static ModelMigrateConfig WithPrimary(MapReader file, ModelMigrateConfig config, string name, bool isSpeech)
    {
        if (file.Variable(name) is not { } text)
        {
            return config;
        }

        if (config.FindProvider(new(text)) is not { } provider)
        {
            var declared = config.Providers.Select(static each => each.Id.Value).ToList();
            var nearest = NearestName.Of(text, declared);
            file.Problems.Error(
                file.Place, name, "bad-switch", $"The environment variable {name} names the provider '{MapReader.Shown(text)}', which is not declared.",
                nearest is null ? $"Set it to one of {string.Join(", ", declared)}, or not at all." : $"Set it to {nearest}, or not at all.");
            return config;
        }

        var changed = new List<RouteId>();
        var routes = config.Routes.Select(route =>
        {
            if (IsFree(config, route) && IsSpeech(config, route) == isSpeech && config.FindModel(route.Model)?.Provider != provider.Id
                && route.Fallback.FirstOrDefault(id => config.FindModel(id)?.Provider == provider.Id) is { Value: not null } first)
            {
                changed.Add(route.Id);
                return WithFirst(route, first);
            }

            return route;
        }).ToList();
        if (changed.Count > 0)
        {
            InForce(file, name, text, $"{Names(changed)} are served by it first");
        }

        return config with { Routes = routes };
    }

    /// <summary>The mode of hybrid migrations; a route that names its newModel becomes one.</summary>
    private static ModelMigrateConfig WithMode(MapReader file, ModelMigrateConfig config)
    {
        if (file.Variable(SwitchNames.MigrationMode) is not { } text)
        {
            return config;
        }

        if (HybridWords.All.FirstOrDefault(known => string.Equals(known.Word, text, StringComparison.OrdinalIgnoreCase)) is not { Word: not null } mode)
        {
            file.Problems.Error(
                file.Place, SwitchNames.MigrationMode, "bad-switch", $"The environment variable {SwitchNames.MigrationMode} is '{MapReader.Shown(text)}', which is no mode.",
                $"Set it to {string.Join(", ", HybridWords.All.Select(static known => known.Word))}, or not at all.");
            return config;
        }

        var made = config.Routes.Where(route => IsFree(config, route) && route.NewModel is { } young && young != route.Model)
            .Select(static route => new HybridConfig { Id = new($"MIG-mode-{route.Id.Value.Replace(' ', '-')}"), Route = route.Id, To = route.NewModel!.Value });
        var hybrids = config.Hybrids.Concat(made).Select(hybrid => hybrid with { Mode = mode.Value }).ToList();
        if (hybrids.Count > 0)
        {
            InForce(file, SwitchNames.MigrationMode, mode.Word, $"{Names(hybrids.Select(static hybrid => hybrid.Route))} are in this mode");
        }

        return config with { Hybrids = hybrids };
    }

    private static ModelMigrateConfig WithoutDisabled(MapReader file, ModelMigrateConfig config)
    {
        var off = config.Providers.Select(static provider => provider.Id).Where(provider => Flag(file, SwitchNames.Enable(provider)) == false).ToHashSet();
        if (off.Count == 0)
        {
            return config;
        }

        foreach (var provider in off)
        {
            InForce(file, SwitchNames.Enable(provider), "false", $"no model of '{MapReader.Shown(provider.Value)}' is called");
        }

        var models = config.Models.Select(model => Without(model, off)).ToList();
        var left = models.OfType<ModelConfig>().Select(static model => model.Id).ToHashSet();
        var routes = new List<RouteConfig>();
        foreach (var route in config.Routes)
        {
            ModelId[] order = [.. route.Fallback.Prepend(route.Model).Where(left.Contains)];
            var isMigrating = !IsFree(config, route);
            if (order.Length == 0 || (isMigrating && order[0] != route.Model))
            {
                file.Problems.Error(
                    file.Place, $"routes.{MapReader.Shown(route.Id.Value)}", "switched-off",
                    isMigrating
                        ? $"The route '{MapReader.Shown(route.Id.Value)}' migrates, and the environment switches its model off."
                        : $"The environment switches off every model of the route '{MapReader.Shown(route.Id.Value)}'.",
                    $"Set {string.Join(" or ", off.Select(SwitchNames.Enable))} to true, or change the route.");
                continue;
            }

            routes.Add(route with
            {
                Model = order[0],
                Fallback = order[1..],
                LargerContext = route.LargerContext is { } larger && left.Contains(larger) ? larger : null,
                NewModel = route.NewModel is { } young && left.Contains(young) ? young : null,
                Rules = [.. route.Rules.Where(rule => rule.Model is not { } model || left.Contains(model))],
            });
        }

        var targets = config.Migrations.Select(static migration => (migration.Id, migration.To)).Concat(config.Hybrids.Select(static hybrid => (hybrid.Id, hybrid.To)));
        foreach (var (id, _) in targets.Where(target => !left.Contains(target.To)))
        {
            file.Problems.Error(
                file.Place, $"migrations.{MapReader.Shown(id.Value)}", "switched-off", $"The environment switches off the target of {MapReader.Shown(id.Value)}.",
                $"Set {string.Join(" or ", off.Select(SwitchNames.Enable))} to true, or remove the migration.");
        }

        // A model stays declared, so that what names it is still understood; nothing calls it.
        return config with { Models = [.. config.Models.Select((model, i) => models[i] ?? model)], Routes = routes };
    }

    /// <summary>A model without the endpoints that are off, or null when none is left.</summary>
    private static ModelConfig? Without(ModelConfig model, HashSet<ProviderId> off)
    {
        ModelConfig[] left = [.. model.Endpoints.Prepend(model).Where(endpoint => !off.Contains(endpoint.Provider))];
        return left.Length == 0 ? null : left[0] with { Endpoints = left[1..] };
    }

    /// <summary>A route with another model first; the one that was first is the first fallback.</summary>
    private static RouteConfig WithFirst(RouteConfig route, ModelId first) =>
        route with { Model = first, Fallback = [route.Model, .. route.Fallback.Where(id => id != first)] };

    private static bool IsFree(ModelMigrateConfig config, RouteConfig route) => config.Migrations.All(migration => migration.Route != route.Id) && config.Hybrids.All(hybrid => hybrid.Route != route.Id);

    private static bool IsSpeech(ModelMigrateConfig config, RouteConfig route) =>
        config.FindModel(route.Model)?.Capabilities.Contains(SwitchNames.Speech, StringComparer.OrdinalIgnoreCase) == true;

    private static bool? Flag(MapReader file, string name)
    {
        switch (file.Variable(name)?.ToLowerInvariant())
        {
            case null:
                return null;
            case "true" or "1":
                return true;
            case "false" or "0":
                return false;
            default:
                file.Problems.Error(file.Place, name, "bad-switch", $"The environment variable {name} is neither true nor false.", "Set it to true or false, or not at all.");
                return null;
        }
    }

    private static void InForce(MapReader file, string name, string value, string what) =>
        file.Problems.Warning(file.Place, name, "switch", $"The environment overrides the file: {name}={MapReader.Shown(value)}, so that {what}.", $"Unset {name} to have the file's.");

    private static string Names(IEnumerable<RouteId> routes) => "the routes " + string.Join(", ", routes.Select(static route => $"'{MapReader.Shown(route.Value)}'"));
}
