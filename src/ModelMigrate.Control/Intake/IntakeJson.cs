using System.Text.Json.Serialization;
using ModelMigrate.Control.Storage.Sqlite;
using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Observing.Blocks;

namespace ModelMigrate.Control.Intake;

/// <summary>Blocks, evidence and checkpoints as the journal keeps them. Numbers keep every bit.</summary>
[JsonSerializable(typeof(Block))]
[JsonSerializable(typeof(List<Block>))]
[JsonSerializable(typeof(Evidence))]
[JsonSerializable(typeof(EvidenceCheckpoint))]
internal sealed partial class IntakeJson : JsonSerializerContext
{
    public static IntakeJson Stored { get; } = new(StoredJson.Options());
}
