using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Routing.Policies;

namespace ModelMigrate.Core.Configuration.Sections.Routes;

/// <summary>Reads a migration with <c>strategy: hybrid</c>: it has a mode and a budget, and nothing that judges.</summary>
internal static class HybridSection
{
    public const string Word = "hybrid";

    public static bool IsOne(MapReader migration) => string.Equals(migration.Written("strategy"), Word, StringComparison.Ordinal);

    public static HybridConfig Read(MigrationId id, MapReader migration, Declared<RouteConfig> routes, Declared<ModelConfig> models)
    {
        var (route, target) = (migration.Text("route"), migration.Text("to"));
        migration.Missing("route", "Write 'route:' and the name of one declared under routes.");
        migration.Missing("to", "Write 'to:' and the name of the model that shall answer beside the route's.");
        if (route is not null)
        {
            Reference.Exists(migration.Problems, migration.At("route"), migration.PathOf("route"), "route", route, routes.Names);
        }

        if (target is not null)
        {
            Reference.Exists(migration.Problems, migration.At("to"), migration.PathOf("to"), "model", target, models.Names);
        }

        migration.Text("strategy");
        return new HybridConfig
        {
            Id = id,
            Route = new(route ?? ""),
            To = new(target ?? ""),
            Mode = migration.Choice("mode", [.. HybridWords.All]) ?? HybridMode.Hybrid,
            ExposureBudget = migration.Count("exposureBudget", 10, int.MaxValue),
        };
    }
}
