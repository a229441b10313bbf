using System.Text.Json.Serialization;
using ModelMigrate.Core.Judging.Display;
using ModelMigrate.Core.Judging.Gates;
using ModelMigrate.Core.Judging.Health;
using ModelMigrate.Core.Observing.Blocks;

namespace ModelMigrate.Core.Judging;

/// <summary>A judge's evidence at a checkpoint. JSON keeps every bit of it.</summary>
public sealed record JudgeState
{
    public int Attempt { get; init; }

    public int Epoch { get; init; }

    /// <summary>Blocks folded.</summary>
    public long Blocks { get; init; }

    public IReadOnlyList<ReplicaMark> Replicas { get; init; } = [];

    public IReadOnlyList<GateState> Gates { get; init; } = [];

    public ArmTally Source { get; init; } = new();

    public ArmTally Target { get; init; } = new();

    /// <summary>Heaviest keys of the route.</summary>
    public IReadOnlyList<HeavyKey> RouteKeys { get; init; } = [];

    /// <summary>Heaviest keys of the target arm.</summary>
    public IReadOnlyList<HeavyKey> TargetKeys { get; init; } = [];

    /// <summary>The sample ratio's weight, snapshot, incarnation and distinct keys.</summary>
    public SampleState Sample { get; init; } = new(0, 0, 0, 0, 0);

    public double GapSeconds { get; init; }

    /// <summary>The source's latency quantiles, for the block builder that goes on after a restart.</summary>
    public FrozenQuantiles? Quantiles { get; init; }

    /// <summary>The source's mean cost of a request in US dollars, for the block builder that goes on after a restart.</summary>
    public double? MeanCost { get; init; }

    /// <summary>The keys whose events on the source are told apart, for the block builder that goes on after a restart.</summary>
    [JsonIgnore]
    public IReadOnlyList<ulong> FollowedKeys => [.. Gates.SelectMany(gate => gate.Risks.Keys).Select(key => key.Key).Distinct()];

    public IReadOnlyList<RecentBlock> Recent { get; init; } = [];

    public string? Fault { get; init; }
}
