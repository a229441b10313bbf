using ModelMigrate.Core.Judging.Explaining;

namespace ModelMigrate.Core.Judging.Health;

/// <summary>A fixed rule beside the gates: fires when a metric over a window is beyond a threshold. Off unless configured.</summary>
public sealed record HardStopSpec
{
    public required string Name { get; init; }

    public required HardStopMetric Metric { get; init; }

    /// <summary>The check's name for <see cref="HardStopMetric.CheckFailureRate"/>, else null.</summary>
    public string? Check { get; init; }

    /// <summary>
    /// Error and check failure rate: a share (0.05), of the difference to the source or absolute. Latency: milliseconds when absolute, a ratio
    /// to the source's value (2) when relative. Quality: a score (0.8) when absolute, a ratio to the source's mean (0.85) when relative.
    /// </summary>
    public required double Threshold { get; init; }

    /// <summary>Default 300 s.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>Target requests (checked answers, scored pairs) in the window below which the rule is silent. Default 100.</summary>
    public int MinimumSamples { get; init; } = 100;

    /// <summary>Compare with the source (default) or take the threshold as written.</summary>
    public bool RelativeToSource { get; init; } = true;

    /// <summary>How long the rule is silent after it fired, also over a retry. Default 600 s.</summary>
    public TimeSpan Cooldown { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>The rule in words, without its name.</summary>
    public string Words() => HardStopWords.Rule(this);
}
