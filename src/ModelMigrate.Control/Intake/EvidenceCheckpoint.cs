using ModelMigrate.Core.Judging;

namespace ModelMigrate.Control.Intake;

/// <summary>The evidence of one migration as it is committed: what a controller that starts again goes on from.</summary>
internal sealed record EvidenceCheckpoint
{
    public required int Attempt { get; init; }

    public required int Epoch { get; init; }

    public required JudgeState Judge { get; init; }

    /// <summary>Admissions up to here are in <see cref="Judge"/>; later ones are lost with the process.</summary>
    public required DateTimeOffset CountedUntil { get; init; }

    /// <summary>Seconds of admission lost with earlier processes.</summary>
    public required double GapSeconds { get; init; }

    public required VersionWatch SourceVersions { get; init; }

    public required VersionWatch TargetVersions { get; init; }
}
