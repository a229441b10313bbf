using System.Text.Json.Serialization;
using ModelMigrate.Core.Judging.Processes;

namespace ModelMigrate.Core.Judging.Harm;

/// <summary>The harm process as it would be had one key never had an event.</summary>
public sealed record KeyTrajectory
{
    public required ulong Key { get; init; }

    /// <summary>The key's events on the target so far.</summary>
    public required long Events { get; init; }

    /// <summary>Logarithms of the wealth bet on each ratio.</summary>
    [JsonConverter(typeof(DoublesConverter))]
    public required double[] Logs { get; init; }
}
