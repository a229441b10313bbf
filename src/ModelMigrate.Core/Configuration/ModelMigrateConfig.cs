using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Routing;

namespace ModelMigrate.Core.Configuration;

/// <summary>A whole <c>model-migrate.yaml</c> as its reader understood it: every default filled in, every reference known to exist.</summary>
public sealed record ModelMigrateConfig
{
    public IReadOnlyList<ProviderConfig> Providers { get; init; } = [];

    public IReadOnlyList<ModelConfig> Models { get; init; } = [];

    public IReadOnlyList<RouteConfig> Routes { get; init; } = [];

    public IReadOnlyList<MigrationConfig> Migrations { get; init; } = [];

    /// <summary>Migrations with <c>strategy: hybrid</c>.</summary>
    public IReadOnlyList<HybridConfig> Hybrids { get; init; } = [];

    /// <summary>Who may call the gateway. Empty means nobody beyond loopback, unless <see cref="AllowAnonymousClients"/>.</summary>
    public IReadOnlyList<ClientKeyConfig> ClientKeys { get; init; } = [];

    /// <summary>Whether clients without a key are served, wherever they come from. Default false.</summary>
    public bool AllowAnonymousClients { get; init; }

    public AdminConfig Admin { get; init; } = new();

    /// <summary>How long unproven targets keep serving without a sign of life from Control. Default 30 s.</summary>
    public TimeSpan ControlTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long journal and evidence blocks are kept. Default 30 days.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(30);

    public TelemetryConfig Telemetry { get; init; } = new();

    public ProviderConfig? FindProvider(ProviderId id) => Providers.FirstOrDefault(provider => provider.Id == id);

    public ModelConfig? FindModel(ModelId id) => Models.FirstOrDefault(model => model.Id == id);

    public RouteConfig? FindRoute(RouteId id) => Routes.FirstOrDefault(route => route.Id == id);

    public MigrationConfig? FindMigration(MigrationId id) => Migrations.FirstOrDefault(migration => migration.Id == id);
}
