using System.Text.Json.Serialization;
using ModelMigrate.Core.Judging.Processes;

namespace ModelMigrate.Core.Judging.Harm;

/// <summary>Checkpoint of a harm process.</summary>
public sealed record HarmState
{
    /// <summary>Blocks folded that compared something.</summary>
    public long Blocks { get; init; }

    /// <summary>The block up to which bets are placed: the last one with an event. Until the next event it makes no difference.</summary>
    public long Placed { get; init; }

    /// <summary>Wealth bet on each ratio, in units of e^<see cref="Scale"/>; empty before the first event.</summary>
    [JsonConverter(typeof(DoublesConverter))]
    public double[] Wealth { get; init => field = value ?? []; } = [];

    public double Scale { get; init; }

    /// <summary>Those of an earlier version have no wealth: their keys begin anew.</summary>
    public IReadOnlyList<KeyTrajectory> Keys { get; init => field = value is null ? [] : [.. value.Where(key => key.Wealth is { Length: > 0 })]; } = [];
}
