using System.Text.Json;
using System.Text.Json.Serialization;
using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Judging.Health;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Observing.Blocks;

namespace ModelMigrate.Control.Intake;

/// <summary>Blocks, evidence and checkpoints as the journal keeps them. Numbers keep every bit.</summary>
[JsonSerializable(typeof(Block))]
[JsonSerializable(typeof(List<Block>))]
[JsonSerializable(typeof(Evidence))]
[JsonSerializable(typeof(EvidenceCheckpoint))]
internal sealed partial class IntakeJson : JsonSerializerContext
{
    public static IntakeJson Stored { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters =
        {
            new Storage.Sqlite.TextIdConverter<MigrationId>(text => new MigrationId(text), id => id.Value),
            new JsonStringEnumConverter<Metric>(JsonNamingPolicy.SnakeCaseLower),
            new JsonStringEnumConverter<HardStopMetric>(JsonNamingPolicy.SnakeCaseLower),
            new JsonStringEnumConverter<Verdict>(JsonNamingPolicy.SnakeCaseLower),
            new JsonStringEnumConverter<LatencyQuantile>(JsonNamingPolicy.SnakeCaseLower),
        },
    });
}
