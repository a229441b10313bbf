using ModelMigrate.Core.Judging.Explaining;

namespace ModelMigrate.Core.Judging.Health;

/// <summary>A hard stop that fires.</summary>
/// <param name="Name">Its name in the configuration.</param>
/// <param name="Metric">What it watches.</param>
/// <param name="Value">What was measured: a share, milliseconds, a score, or the difference or ratio to the source.</param>
/// <param name="Threshold">What it may not exceed; for quality, not fall below.</param>
/// <param name="TargetRequests">Target requests, checked answers or scored pairs in the window.</param>
public sealed record HardStopEvidence(string Name, HardStopMetric Metric, double Value, double Threshold, long TargetRequests)
{
    /// <summary>The check's name, or null.</summary>
    public string? Check { get; init; }

    public double WindowSeconds { get; init; }

    public bool RelativeToSource { get; init; }

    /// <summary>Value, threshold, window and samples in words.</summary>
    public string Words() => HardStopWords.Fired(this);
}
