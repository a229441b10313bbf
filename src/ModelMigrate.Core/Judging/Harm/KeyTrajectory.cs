using System.Text.Json.Serialization;
using ModelMigrate.Core.Judging.Processes;

namespace ModelMigrate.Core.Judging.Harm;

/// <summary>The harm process as it would be had one key never had an event on the target.</summary>
public sealed record KeyTrajectory
{
    public required ulong Key { get; init; }

    /// <summary>The key's events on the target so far.</summary>
    public required long Events { get; init; }

    /// <summary>Wealth bet on each ratio, in units of e^<see cref="Scale"/>.</summary>
    [JsonConverter(typeof(DoublesConverter))]
    public double[] Wealth { get; init => field = value ?? []; } = [];

    public double Scale { get; init; }
}
