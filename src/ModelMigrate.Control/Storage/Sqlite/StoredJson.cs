using System.Text.Json;
using System.Text.Json.Serialization;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Judging.Health;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Observing.Blocks;
using ModelMigrate.Core.Observing.Signals;
using ModelMigrate.Core.Rollouts;
using ModelMigrate.Core.Routing;
using ModelMigrate.Core.Routing.Policies;

namespace ModelMigrate.Control.Storage.Sqlite;

/// <summary>How everything in the journal is written: snake case, enums and ids as text, numbers with every bit.</summary>
internal static class StoredJson
{
    /// <summary>A new set each time: options belong to one context.</summary>
    public static JsonSerializerOptions Options() => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters =
        {
            new TextIdConverter<MigrationId>(text => new MigrationId(text), id => id.Value),
            new TextIdConverter<ModelId>(text => new ModelId(text), id => id.Value),
            new TextIdConverter<RouteId>(text => new RouteId(text), id => id.Value),
            new JsonStringEnumConverter<Metric>(JsonNamingPolicy.SnakeCaseLower),
            new JsonStringEnumConverter<HardStopMetric>(JsonNamingPolicy.SnakeCaseLower),
            new JsonStringEnumConverter<Verdict>(JsonNamingPolicy.SnakeCaseLower),
            new JsonStringEnumConverter<LatencyQuantile>(JsonNamingPolicy.SnakeCaseLower),
            new JsonStringEnumConverter<PairedScore>(JsonNamingPolicy.SnakeCaseLower),
            new JsonStringEnumConverter<EffectUnit>(JsonNamingPolicy.SnakeCaseLower),
            new JsonStringEnumConverter<NoDataPolicy>(JsonNamingPolicy.SnakeCaseLower),
            new JsonStringEnumConverter<RolloutPhase>(JsonNamingPolicy.SnakeCaseLower),
            new JsonStringEnumConverter<RegressionPolicy>(JsonNamingPolicy.SnakeCaseLower),
            new JsonStringEnumConverter<InFlightPolicy>(JsonNamingPolicy.SnakeCaseLower),
        },
    };
}
