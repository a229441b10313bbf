namespace ModelMigrate.Core.Evaluation.Gating;

/// <summary>What a person asks of one metric: that the target is not worse than the source by more than a margin.</summary>
public sealed record MetricGate
{
    /// <summary>The metric's id, as in its <see cref="PairedScores"/>.</summary>
    public required string Metric { get; init; }

    /// <summary>How much worse is still good enough: in the metric's own unit, or as a share of the source's value. 0 asks for better.</summary>
    public required double Margin { get; init; }

    /// <summary>Whether the margin is a share of what the source reaches.</summary>
    public bool IsRelative { get; init; }

    /// <summary>With fewer pairs there is no verdict. Below 50 the intervals do not hold what they promise.</summary>
    public int MinimumCases { get; init; } = 50;
}
