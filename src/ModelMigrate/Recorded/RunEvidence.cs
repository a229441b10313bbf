using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Judging.Health;

namespace ModelMigrate.Recorded;

/// <summary>What a run was decided from, as <c>judge</c> writes it.</summary>
internal sealed record RunEvidence
{
    /// <summary>Blocks that ended, and those still open beside them.</summary>
    public required long Blocks { get; init; }

    public required int OpenBlocks { get; init; }

    public required IReadOnlyList<GateEvidence> Gates { get; init; }

    /// <summary>Set when one key holds too large a share to promote upon.</summary>
    public string? FewKeys { get; init; }

    public required SampleRatioEvidence SampleRatio { get; init; }

    /// <summary>Set when the counts contradict themselves.</summary>
    public string? Fault { get; init; }

    public static RunEvidence Of(Evidence evidence) => new()
    {
        Blocks = evidence.Blocks,
        OpenBlocks = evidence.OpenBlocks,
        Gates = evidence.Gates,
        FewKeys = evidence.FewKeys,
        SampleRatio = evidence.SampleRatio,
        Fault = evidence.Fault,
    };
}
