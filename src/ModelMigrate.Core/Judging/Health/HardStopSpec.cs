namespace ModelMigrate.Core.Judging.Health;

/// <summary>A fixed rule beside the gates: fires when a metric over a window is beyond a threshold. Off unless configured.</summary>
public sealed record HardStopSpec
{
    public required string Name { get; init; }

    public required HardStopMetric Metric { get; init; }

    /// <summary>
    /// Error rate: a share (0.05), of the difference to the source or absolute. Latency: milliseconds when absolute,
    /// a ratio to the source's value (2) when relative.
    /// </summary>
    public required double Threshold { get; init; }

    /// <summary>Default 300 s.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>Target requests in the window below which the rule is silent. Default 100.</summary>
    public int MinimumSamples { get; init; } = 100;

    /// <summary>Compare with the source (default) or take the threshold as written.</summary>
    public bool RelativeToSource { get; init; } = true;
}
