using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Configuration.Sections.Migrations;
using ModelMigrate.Core.Configuration.Sections.Routes;
using ModelMigrate.Core.Configuration.Switches;

namespace ModelMigrate.Core.Configuration.Sections;

/// <summary>Reads the whole file's tree, section by section, each knowing what the ones before it declared.</summary>
internal static class FileSection
{
    public static ModelMigrateConfig Read(MapReader file)
    {
        var defaults = new ModelMigrateConfig();
        var providers = ProviderSection.Read(file);
        var models = ModelSection.Read(file, providers);
        var routes = RouteSection.Read(file, models);
        var hybrids = new List<HybridConfig>();
        var migrations = MigrationSection.Read(file, routes, models, hybrids);
        var config = defaults with
        {
            Providers = providers.Values,
            Models = models.Values,
            Routes = routes.Values,
            Migrations = migrations,
            Hybrids = hybrids,
            ClientKeys = ClientKeySection.Read(file, routes),
            AllowAnonymousClients = file.Flag("allowAnonymousClients") ?? false,
            Admin = HostSection.ReadAdmin(file),
            Telemetry = HostSection.ReadTelemetry(file),
            ControlTimeout = file.Duration("controlTimeout", TimeSpan.FromSeconds(2), TimeSpan.FromHours(1)) ?? defaults.ControlTimeout,
            Retention = file.Duration("retention", TimeSpan.FromHours(1), TimeSpan.FromDays(3650)) ?? defaults.Retention,
        };
        config = EnvironmentSwitches.Apply(file, config);
        BudgetSection.CheckPrices(file, config);
        if (routes.Names.Count == 0 && !file.Has("routes"))
        {
            file.Problems.Error(
                file.Place, "routes", "missing-key", "The file declares no routes, so no client could call anything.",
                "Add 'routes:' with a name that clients ask for and its model, for example 'chat: gpt-4o'.");
        }

        file.Finish();
        return config;
    }
}
