using System.Text.Json.Serialization;
using ModelMigrate.Core.Judging.Health;
using ModelMigrate.Core.Observing;

namespace ModelMigrate.Core.Judging;

/// <summary>Everything that a decision is made from, at one moment. Journalled with the decision.</summary>
public sealed record Evidence
{
    public required MigrationId Migration { get; init; }

    public required int Attempt { get; init; }

    public required int Epoch { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Ended blocks folded in so far.</summary>
    public required long Blocks { get; init; }

    /// <summary>Open blocks looked at for harm.</summary>
    public required int OpenBlocks { get; init; }

    /// <summary>The margin factor that the verdicts were asked for.</summary>
    public required double MarginFactor { get; init; }

    public required IReadOnlyList<GateEvidence> Gates { get; init; }

    public required ArmEvidence Source { get; init; }

    public required ArmEvidence Target { get; init; }

    /// <summary>Set when one key holds too large a share to promote upon: what is the matter and what to do.</summary>
    public string? FewKeys { get; init; }

    public required SampleRatioEvidence SampleRatio { get; init; }

    /// <summary>The hard stops that fire, in their order; one that fired lately may be told to keep silent.</summary>
    public IReadOnlyList<HardStopEvidence> HardStops { get; init; } = [];

    /// <summary>The first of them, or null.</summary>
    [JsonIgnore]
    public HardStopEvidence? HardStop => HardStops.Count > 0 ? HardStops[0] : null;

    /// <summary>Seconds of admission whose evidence was lost with a controller and is in neither arm.</summary>
    public required double EvidenceGapSeconds { get; init; }

    /// <summary>Exposures that the target may still take, set by Control; null when it has no limit.</summary>
    public long? ExposureLeft { get; init; }

    /// <summary>Set when blocks contradict themselves: nothing is decided until a person retries.</summary>
    public string? Fault { get; init; }

    /// <summary>The gate that finds the target worse, or null.</summary>
    [JsonIgnore]
    public GateEvidence? Worse
    {
        get
        {
            foreach (var gate in Gates)
            {
                if (gate.Verdict == Verdict.Worse)
                {
                    return gate;
                }
            }

            return null;
        }
    }

    /// <summary>Whether every required gate finds the target not worse, at the current step's margin or at the final one.</summary>
    public bool Passes(bool final)
    {
        var any = false;
        foreach (var gate in Gates)
        {
            if (!gate.IsWaitedFor)
            {
                continue;
            }

            any = true;
            if ((final ? gate.FinalVerdict : gate.Verdict) != Verdict.NotWorse)
            {
                return false;
            }
        }

        return any && Fault is null;
    }
}
