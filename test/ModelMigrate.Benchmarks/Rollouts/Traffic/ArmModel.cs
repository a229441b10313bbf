namespace ModelMigrate.Benchmarks.Rollouts.Traffic;

/// <summary>How one arm serves, as functions of the second of admission. The defaults are a healthy chat model.</summary>
internal sealed record ArmModel
{
    /// <summary>Probability that a request fails with a 5xx.</summary>
    public Func<double, double> Errors { get; init; } = static _ => 0.005;

    /// <summary>Probability that a request is answered 429.</summary>
    public Func<double, double> Throttled { get; init; } = static _ => 0;

    /// <summary>Errors that come from one key, on top: key, its share of failures.</summary>
    public Func<int, double>? KeyErrors { get; init; }

    /// <summary>Median of the total latency in seconds.</summary>
    public double Median { get; init; } = 0.8;

    /// <summary>Standard deviation of the logarithm of the total latency.</summary>
    public double Sigma { get; init; } = 0.5;

    /// <summary>Median of the time to first token in seconds.</summary>
    public double FirstToken { get; init; } = 0.25;

    /// <summary>Factor on the total latency.</summary>
    public Func<double, double> Slower { get; init; } = static _ => 1;

    /// <summary>Factor on the time to first token.</summary>
    public Func<double, double> SlowerFirst { get; init; } = static _ => 1;

    /// <summary>Share of the answers whose latency is stretched by a Pareto factor.</summary>
    public double TailShare { get; init; } = 0.005;

    /// <summary>Shape of that Pareto factor; smaller is heavier.</summary>
    public double TailShape { get; init; } = 1.5;

    /// <summary>Seconds after which the client's limit makes an answer a timeout.</summary>
    public double Timeout { get; init; } = 30;

    /// <summary>Seconds that a failure takes, or null for as long as the first token.</summary>
    public double? ErrorSeconds { get; init; }

    /// <summary>Mean quality in [0, 1].</summary>
    public double Quality { get; init; } = 0.8;

    /// <summary>Standard deviation of the quality score between answers to one prompt.</summary>
    public double AnswerSigma { get; init; } = 0.08;

    /// <summary>Mean cost of a request in US dollars.</summary>
    public double Cost { get; init; } = 0.002;
}
