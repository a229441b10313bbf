using System.Text.Json.Serialization;
using ModelMigrate.Core.Judging.Processes;

namespace ModelMigrate.Core.Judging.Harm;

/// <summary>Checkpoint of a harm process.</summary>
public sealed record HarmState
{
    /// <summary>Blocks folded that compared something.</summary>
    public long Blocks { get; init; }

    /// <summary>Logarithms of the wealth bet on each ratio; empty before the first block.</summary>
    [JsonConverter(typeof(DoublesConverter))]
    public double[] Logs { get; init; } = [];

    public IReadOnlyList<KeyTrajectory> Keys { get; init; } = [];
}
