using System.Text.Json.Serialization;
using ModelMigrate.Core.Judging.Processes;

namespace ModelMigrate.Core.Judging.Promotion;

/// <summary>Checkpoint of a latency gate's promotion process at one margin factor.</summary>
public sealed record PromotionState
{
    public required double Factor { get; init; }

    [JsonConverter(typeof(DoublesConverter))]
    public required double[] Logs { get; init; }
}
