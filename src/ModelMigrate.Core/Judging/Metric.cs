namespace ModelMigrate.Core.Judging;

/// <summary>What a gate compares between the arms. New ones go to the end: the journal keeps numbers in some places.</summary>
public enum Metric
{
    /// <summary>Share of an arm's requests that failed, before any rescue.</summary>
    ErrorRate,

    /// <summary>Total latency at the median: share of requests above the source's frozen median.</summary>
    LatencyP50,

    /// <summary>Total latency at the 90th percentile.</summary>
    LatencyP90,

    /// <summary>Time to first token at the median.</summary>
    FirstTokenP50,

    /// <summary>Time to first token at the 90th percentile.</summary>
    FirstTokenP90,

    /// <summary>Total latency at the 95th percentile.</summary>
    LatencyP95,

    /// <summary>Time to first token at the 95th percentile.</summary>
    FirstTokenP95,

    /// <summary>Share of an arm's requests that its provider answered with 429.</summary>
    ThrottlingRate,

    /// <summary>Share of the checked answers that fail one named check.</summary>
    CheckFailureRate,

    /// <summary>US dollars a request: matched pairs, each request at most 4 times the source's frozen mean.</summary>
    Cost,

    /// <summary>Quality score between 0 and 1: mean over matched pairs.</summary>
    Quality,

    /// <summary>Quality score: which of a matched pair is better, ties left out.</summary>
    Preference,

    /// <summary>Satisfaction score between 0 and 1: mean over matched pairs.</summary>
    Satisfaction,

    /// <summary>Total latency as a whole: the probability that a target answer is slower than a source answer, less one half.</summary>
    Latency,

    /// <summary>Time to first token as a whole, alike.</summary>
    FirstToken,
}
