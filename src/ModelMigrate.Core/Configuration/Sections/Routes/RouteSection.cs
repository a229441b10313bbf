using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Configuration.Yaml;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Core.Routing.Strategies;

namespace ModelMigrate.Core.Configuration.Sections.Routes;

/// <summary>Reads <c>routes</c>. The short form <c>chat: gpt-4o</c> names only the model.</summary>
internal static class RouteSection
{
    private static readonly TimeSpan s_leastLimit = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan s_mostLimit = TimeSpan.FromHours(24);

    public static Declared<RouteConfig> Read(MapReader file, Declared<ModelConfig> models)
    {
        var routes = new List<RouteConfig>();
        var names = new List<string>();
        foreach (var (entry, path) in file.Entries("routes"))
        {
            var id = entry.Key.Text;
            names.Add(id);
            Reference.CheckName(file.Problems, entry.Key, path, "route");
            if (entry.Value is YamlScalar { IsNull: false })
            {
                if (file.TextOf(entry.Value, entry.Value, path) is { } model
                    && Reference.Exists(file.Problems, entry.Value, path, "model", model, models.Names))
                {
                    routes.Add(new RouteConfig { Id = new(id), Model = new(model) });
                }
            }
            else if (file.Of(entry.Value, entry.Key, path) is { } route)
            {
                routes.Add(Read(id, route, models));
                route.Finish();
            }
            else
            {
                file.Problems.Error(entry.Value, path, "wrong-type", $"{path} must be a group of keys or a model's name, not {entry.Value.Kind}.", "Write at least 'model' under it.");
            }
        }

        return new(routes, names);
    }

    private static RouteConfig Read(string id, MapReader route, Declared<ModelConfig> models)
    {
        var model = route.Text("model");
        if (model is not null)
        {
            Reference.Exists(route.Problems, route.At("model"), route.PathOf("model"), "model", model, models.Names);
        }

        route.Missing("model", "Write 'model:' and the name of one declared under models.");
        return new RouteConfig
        {
            Id = new(id),
            Model = new(model ?? ""),
            Fallback = Fallback(route, model, models),
            LargerContext = LargerContext(route, model, models),
            OnRefusal = route.Choice("onRefusal", ("pass", RefusalPolicy.Pass), ("fallback", RefusalPolicy.Fallback)) ?? default,
            OnCut = route.Choice("onCut", ("error", CutPolicy.Error), ("resume", CutPolicy.Resume)) ?? default,
            Limits = Limits(route.Group("limits")),
            MaxConcurrent = route.Count("maxConcurrent", 1, 1_000_000),
            InFlight = route.Choice("inFlight", ("finish", InFlightPolicy.Finish), ("cut", InFlightPolicy.Cut)) ?? default,
            ResponseHeaders = route.Choice(
                "responseHeaders", ("full", ResponseHeadersMode.Full), ("id", ResponseHeadersMode.Id), ("none", ResponseHeadersMode.None)) ?? default,
            Changes = route.Choice(
                "changes", ("report", ChangesPolicy.Report), ("reject", ChangesPolicy.Reject), ("silent", ChangesPolicy.Silent)) ?? default,
            PassThrough = route.Flag("passThrough") ?? false,
            Checks = CheckSection.Read(route),
            Cache = CacheSection.Read(route),
            Budgets = BudgetSection.Read(route),
            NewModel = NewModel(route, models),
            Rules = RuleSection.Read(route, models),
            Strategy = route.Choice("strategy", [.. StrategyWords.All]),
            Affinity = route.Flag("affinity") ?? false,
            StickyHeader = StickyHeader(route) ?? "x-user-id",
        };
    }

    private static List<ModelId> Fallback(MapReader route, string? model, Declared<ModelConfig> models)
    {
        var fallback = new List<ModelId>();
        foreach (var (node, path) in route.Items("fallback") ?? [])
        {
            if (route.TextOf(node, node, path) is not { } name || !Reference.Exists(route.Problems, node, path, "model", name, models.Names))
            {
                continue;
            }

            if (string.Equals(name, model, StringComparison.Ordinal) || fallback.Contains(new ModelId(name)))
            {
                route.Problems.Error(node, path, "fallback-repeats", $"{path}: '{MapReader.Shown(name)}' was already tried when its turn comes.", "Name another model, or remove it.");
                continue;
            }

            fallback.Add(new(name));
        }

        return fallback;
    }

    private static ModelId? LargerContext(MapReader route, string? model, Declared<ModelConfig> models)
    {
        const string Key = "largerContext";
        if (route.Text(Key) is not { } name || !Reference.Exists(route.Problems, route.At(Key), route.PathOf(Key), "model", name, models.Names))
        {
            return null;
        }

        var window = Window(name, models);
        if (string.Equals(name, model, StringComparison.Ordinal) || (window is not null && window <= Window(model, models)))
        {
            route.Problems.Error(
                route.At(Key), route.PathOf(Key), "context-not-larger", $"{route.PathOf(Key)}: the context of '{MapReader.Shown(name)}' is not larger than that of '{MapReader.Shown(model!)}'.",
                "Name a model with a larger contextLength, or remove the key.");
        }

        return new(name);
    }

    private static ModelId? NewModel(MapReader route, Declared<ModelConfig> models) =>
        route.Text("newModel") is { } name && Reference.Exists(route.Problems, route.At("newModel"), route.PathOf("newModel"), "model", name, models.Names)
            ? new(name)
            : null;

    private static int? Window(string? model, Declared<ModelConfig> models) =>
        models.Values.FirstOrDefault(m => string.Equals(m.Id.Value, model, StringComparison.Ordinal))?.ContextLength;

    private static RouteLimits Limits(MapReader limits)
    {
        var defaults = RouteLimits.Default;
        var total = limits.Duration("total", s_leastLimit, s_mostLimit);
        var read = new RouteLimits
        {
            Connect = Limit(limits, "connect", defaults.Connect, total),
            FirstToken = Limit(limits, "firstToken", defaults.FirstToken, total),
            Whole = Limit(limits, "whole", defaults.Whole, total),
            Idle = Limit(limits, "idle", defaults.Idle, total),
            Total = total ?? defaults.Total,
            Retries = limits.Count("retries", 0, 10) ?? defaults.Retries,
            RetryRatio = limits.Share("retryRatio", 0, 1) ?? defaults.RetryRatio,
        };
        limits.Finish();
        return read;
    }

    // A default gives way to a shorter deadline; a written one that cannot be reached is a mistake.
    private static TimeSpan Limit(MapReader limits, string key, TimeSpan otherwise, TimeSpan? total)
    {
        var deadline = total ?? RouteLimits.Default.Total;
        if (limits.Duration(key, s_leastLimit, s_mostLimit) is not { } limit)
        {
            return otherwise < deadline ? otherwise : deadline;
        }

        if (limit > deadline)
        {
            limits.Problems.Error(
                limits.At(key), limits.PathOf(key), "out-of-range", $"{limits.PathOf(key)} is longer than the deadline of the whole request, {Quantity.Text(deadline)}.",
                "Shorten it, or lengthen 'total'.");
        }

        return limit;
    }

    private static string? StickyHeader(MapReader route)
    {
        if (route.Text("stickyHeader") is not { } header)
        {
            return null;
        }

        if (header.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            return header.ToLowerInvariant();
        }

        route.Problems.Error(
            route.At("stickyHeader"), route.PathOf("stickyHeader"), "bad-header", $"{route.PathOf("stickyHeader")} is not the name of a request header.",
            "Write letters, digits and dashes, for example x-user-id.");
        return null;
    }
}
