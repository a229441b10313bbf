namespace ModelMigrate.Core.Observing.Blocks;

/// <summary>How blocks are cut and what they carry.</summary>
public sealed record BlockOptions
{
    /// <summary>Keys that a block lists of each kind at most.</summary>
    public const int MaxKeys = 32;

    /// <summary>A block closes once both arms have this many admissions. Default 3.</summary>
    public int MinimumAdmissions { get; init; } = 3;

    /// <summary>A block closes with the second in which it has this many admissions, so that an arm without traffic does not make it large. Default 50,000.</summary>
    public int MaximumAdmissions { get; init; } = 50_000;

    /// <summary>A block closes at this age however few admissions it has. Default 60 s.</summary>
    public TimeSpan MaximumAge { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Source requests that the latency quantiles are frozen from. Default 100.</summary>
    public int QuantileSample { get; init; } = 100;

    /// <summary>Source answers that do once <see cref="QuantileWait"/> is over, or the source failed as often as the sample is large. Default 20.</summary>
    public int QuantileMinimum { get; init; } = 20;

    /// <summary>Time from the first source request after which fewer answers do. Default 10 min.</summary>
    public TimeSpan QuantileWait { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>A request that has not ended after this time is taken for a timeout. Default 1 h.</summary>
    public TimeSpan LostAfter { get; init; } = TimeSpan.FromHours(1);
}
