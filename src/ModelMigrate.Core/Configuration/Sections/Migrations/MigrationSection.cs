using System.Text.RegularExpressions;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Configuration.Sections.Routes;
using ModelMigrate.Core.Configuration.Yaml;
using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Routing;

namespace ModelMigrate.Core.Configuration.Sections.Migrations;

/// <summary>Reads <c>migrations</c>.</summary>
internal static partial class MigrationSection
{
    private const string Canary = "canary";

    public static IReadOnlyList<MigrationConfig> Read(
        MapReader file, Declared<RouteConfig> routes, Declared<ModelConfig> models, List<HybridConfig> hybrids)
    {
        var migrations = new List<MigrationConfig>();
        foreach (var (entry, path) in file.Entries("migrations"))
        {
            if (!IdPattern().IsMatch(entry.Key.Text))
            {
                file.Problems.Error(
                    entry.Key, path, "bad-id", $"'{MapReader.Shown(entry.Key.Text)}' is not a migration's id.",
                    "Write MIG- and then letters, digits, dots, dashes or underscores, for example MIG-chat-claude.");
            }

            if (entry.Value is YamlMapping && file.Of(entry.Value, entry.Key, path) is { } migration)
            {
                if (HybridSection.IsOne(migration))
                {
                    hybrids.Add(HybridSection.Read(new(entry.Key.Text), migration, routes, models));
                    migration.Finish();
                    CheckAlone(hybrids[^1].Id, hybrids[^1].Route, hybrids[^1].To, migration, migrations, hybrids, routes);
                    continue;
                }

                var read = Read(new(entry.Key.Text), migration, routes, models);
                migration.Finish();
                CheckAlone(read.Id, read.Route, read.To, migration, migrations, hybrids, routes);
                CheckAgainstRoute(read, migration, routes, models);
                migrations.Add(read);
            }
            else
            {
                file.Problems.Error(entry.Key, path, "wrong-type", $"{path} must be a group of keys, not {entry.Value.Kind}.", "Write at least 'route' and 'to' under it.");
            }
        }

        return migrations;
    }

    /// <summary>The names of a route's checks.</summary>
    private static List<string> ChecksOf(string? route, Declared<RouteConfig> routes) =>
        [.. routes.Values.FirstOrDefault(each => string.Equals(each.Id.Value, route, StringComparison.Ordinal))?.Checks.Select(static check => check.Name) ?? []];

    private static MigrationConfig Read(MigrationId id, MapReader migration, Declared<RouteConfig> routes, Declared<ModelConfig> models)
    {
        var route = migration.Text("route");
        var target = migration.Text("to");
        migration.Missing("route", "Write 'route:' and the name of one declared under routes.");
        migration.Missing("to", "Write 'to:' and the name of the model that the route shall move to.");
        if (route is not null)
        {
            Reference.Exists(migration.Problems, migration.At("route"), migration.PathOf("route"), "route", route, routes.Names);
        }

        if (target is not null)
        {
            Reference.Exists(migration.Problems, migration.At("to"), migration.PathOf("to"), "model", target, models.Names);
        }

        CheckStrategy(migration);
        var hold = migration.Duration("hold", TimeSpan.Zero, TimeSpan.FromDays(30)) ?? TimeSpan.FromMinutes(10);
        var maxHold = migration.Duration("maxHold", TimeSpan.FromSeconds(1), TimeSpan.FromDays(90));
        var steps = StepSection.Read(migration, hold);

        return new MigrationConfig
        {
            Id = id,
            Route = new(route ?? ""),
            To = new(target ?? ""),
            Strategy = Canary,
            Steps = steps,
            MaxHold = maxHold ?? TimeSpan.FromHours(24),
            Alpha = migration.Number("alpha", 0.000001, 0.5) ?? 0.05,
            PromoteAlpha = migration.Number("promoteAlpha", 0.000001, 0.5) ?? 0.05,
            ExposureBudget = migration.Count("exposureBudget", 10, int.MaxValue),
            Watch = migration.Duration("watch", TimeSpan.Zero, TimeSpan.FromDays(30)) ?? TimeSpan.FromSeconds(3600),
            HoldBackPpm = (int)Math.Round((migration.Share("holdBack", 0.0001, 0.5) ?? 0.01) * SplitSnapshot.Total),
            OnRegression = migration.Choice(
                "onRegression", ("rollback", RegressionPolicy.Rollback), ("freeze", RegressionPolicy.Freeze), ("alert", RegressionPolicy.Alert)) ?? default,
            Start = migration.Choice("start", ("manual", MigrationStart.Manual), ("auto", MigrationStart.Auto)) ?? default,
            Gates = GateSection.Read(migration, ChecksOf(route, routes)),
            HardStops = HardStopSection.Read(migration),
        };
    }

    private static void CheckStrategy(MapReader migration)
    {
        if (migration.Text("strategy") is { } strategy && !string.Equals(strategy, Canary, StringComparison.Ordinal))
        {
            migration.Problems.Error(
                migration.At("strategy"), migration.PathOf("strategy"), "unsupported-strategy",
                $"{migration.PathOf("strategy")}: '{MapReader.Shown(strategy)}' is not a supported strategy; supported: {Canary}, {HybridSection.Word}.", $"Write {Canary}, or leave the key out.");
        }
    }

    /// <summary>A route has one migration at a time, whatever its strategy, and to another model than its own.</summary>
    private static void CheckAlone(
        MigrationId id, RouteId routeId, ModelId to, MapReader reader, List<MigrationConfig> before, List<HybridConfig> hybrids, Declared<RouteConfig> routes)
    {
        var others = before.Select(static other => (other.Id, other.Route)).Concat(hybrids.Select(static other => (other.Id, other.Route)));
        if (routeId.Value.Length > 0 && others.FirstOrDefault(other => other.Route == routeId && other.Id != id) is { Id.Value: not null } first)
        {
            reader.Problems.Error(
                reader.At("route"), reader.PathOf("route"), "two-migrations",
                $"The route '{MapReader.Shown(routeId.Value)}' already has the migration {MapReader.Shown(first.Id.Value)}; a route has one at a time.",
                $"Remove one; for an ended one, model-migrate migrations finalize {MapReader.Shown(first.Id.Value)} prints the change.");
        }

        if (routes.Values.FirstOrDefault(route => route.Id == routeId) is { } route && to.Value.Length > 0 && route.Model == to)
        {
            reader.Problems.Error(
                reader.At("to"), reader.PathOf("to"), "migration-to-itself",
                $"The route '{MapReader.Shown(route.Id.Value)}' already has the model '{MapReader.Shown(to.Value)}'.",
                "Name another model, or remove the migration when it is done.");
        }
    }

    private static void CheckAgainstRoute(MigrationConfig migration, MapReader reader, Declared<RouteConfig> routes, Declared<ModelConfig> models)
    {
        var problems = reader.Problems;
        if (routes.Values.FirstOrDefault(route => route.Id == migration.Route) is not { } route || migration.To.Value.Length == 0)
        {
            return;
        }

        if (route.Fallback.Contains(migration.To))
        {
            problems.Warning(
                reader.At("to"), reader.PathOf("to"), "fallback-unproven",
                $"'{MapReader.Shown(migration.To.Value)}' is also a fallback of the route; it is left out there until it is proven.", "Remove it from the route's fallback.");
        }

        if (route.LargerContext == migration.To)
        {
            problems.Warning(
                reader.At("to"), reader.PathOf("to"), "fallback-unproven",
                $"'{MapReader.Shown(migration.To.Value)}' is also the route's largerContext; it is left out there until it is proven.", "Name another model as largerContext.");
        }

        var source = models.Values.FirstOrDefault(model => model.Id == route.Model);
        var target = models.Values.FirstOrDefault(model => model.Id == migration.To);
        foreach (var unpriced in new[] { source, target }.OfType<ModelConfig>().Where(model => model.InputCostPer1K is null || model.OutputCostPer1K is null))
        {
            if (migration.Gates.Any(gate => gate.Metric == Metric.Cost))
            {
                problems.Warning(
                    reader.At("gates"), reader.PathOf("gates"), "unpriced-model",
                    $"'{MapReader.Shown(unpriced.Id.Value)}' has no price, so the cost gate has no data.",
                    "Give the model inputCostPer1k and outputCostPer1k, or leave the gate out.");
            }
        }

        if (source?.ContextLength is { } from && target?.ContextLength is { } to && to < from)
        {
            problems.Warning(
                reader.At("to"), reader.PathOf("to"), "smaller-context",
                $"'{MapReader.Shown(migration.To.Value)}' takes {to} tokens of context, '{MapReader.Shown(route.Model.Value)}' takes {from}: longer requests will fail on it.",
                "Name a model with as much context, or accept that such requests count against it.");
        }
    }

    [GeneratedRegex(@"^MIG-[A-Za-z0-9][A-Za-z0-9._-]{0,99}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex IdPattern();
}
