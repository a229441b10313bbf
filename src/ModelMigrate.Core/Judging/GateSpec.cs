using System.Text.Json.Serialization;

namespace ModelMigrate.Core.Judging;

/// <summary>One criterion of a migration: a metric, how much worse is tolerable, and its share of α.</summary>
public sealed record GateSpec
{
    /// <summary>Unique within the migration, for example <c>errors</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What is compared; it implies the direction: less is better, but for scores.</summary>
    public required Metric Metric { get; init; }

    /// <summary>The check's name for <see cref="Metric.CheckFailureRate"/>, else null.</summary>
    public string? Check { get; init; }

    /// <summary>What is counted; other than requests only where <see cref="MetricTraits.CountsKeys"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public GateUnit Unit { get; init; }

    /// <summary>
    /// The final non-inferiority margin, above 0: an absolute difference of shares for error, throttling and check failure rates (0.01 is
    /// one percentage point), of score points for quality and satisfaction, of the share of pairs won from one half for preference; a
    /// ratio above 1 for latencies (of exceedance probabilities) and cost.
    /// </summary>
    public required double Margin { get; init; }

    /// <summary>
    /// What counts as no harm at all: target/source up to this ratio, 1 or more (default 1, exactly valid); for quality, satisfaction and
    /// preference the points by which the target may be below, 0 or more.
    /// </summary>
    public double Tolerance { get; init; } = 1;

    /// <summary>This gate's share of α among the harm tests; all shares are normalised to sum to 1. Default 1.</summary>
    public double AlphaShare { get; init; } = 1;

    /// <summary>Whether promotion waits for this gate. Default true.</summary>
    public bool Required { get; init; } = true;

    /// <summary>What follows when nothing measures the gate's metric. Default: hold.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public NoDataPolicy NoData { get; init; }

    /// <summary>
    /// For how long the target may take requests without data for this gate before it passes nothing any more, and
    /// <see cref="NoDataPolicy.Rollback"/> acts; null for 10 min.
    /// </summary>
    public TimeSpan? NoDataGrace { get; init; }

    /// <summary>As <see cref="NoDataGrace"/>, with its default.</summary>
    [JsonIgnore]
    public TimeSpan NoDataPatience => NoDataGrace ?? TimeSpan.FromMinutes(10);

    /// <summary>What follows when this gate finds harm, or null for what the migration says.</summary>
    public RegressionPolicy? OnRegression { get; init; }
}
