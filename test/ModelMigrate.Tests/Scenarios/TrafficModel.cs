using ModelMigrate.Core.Observing;

namespace ModelMigrate.Tests.Scenarios;

/// <summary>What simulated requests meet: rate, keys, and per arm error probability and latency as functions of time.</summary>
internal sealed record TrafficModel
{
    public double Rate { get; init; } = 10;

    public int Keys { get; init; } = 1000;

    /// <summary>Probability that the source fails a request admitted at this second.</summary>
    public Func<double, double> SourceErrors { get; init; } = static _ => 0.005;

    public Func<double, double> TargetErrors { get; init; } = static _ => 0.005;

    /// <summary>Median of the lognormal latency in seconds.</summary>
    public Func<double, double> SourceMedian { get; init; } = static _ => 0.2;

    public Func<double, double> TargetMedian { get; init; } = static _ => 0.2;

    public double Sigma { get; init; } = 0.5;

    /// <summary>How long a failure takes in seconds, or null for as long as an answer.</summary>
    public double? SourceErrorSeconds { get; init; }

    public double? TargetErrorSeconds { get; init; }

    /// <summary>Adds to an observation what a gate beyond errors and latency looks at; null adds nothing and draws nothing.</summary>
    public Func<Random, bool, Observation, Observation>? Extra { get; init; }

    /// <summary>A key whose requests on the target all fail, or −1.</summary>
    public int SickKey { get; init; } = -1;

    /// <summary>Share of requests that carry <see cref="SickKey"/>.</summary>
    public double SickShare { get; init; }
}
