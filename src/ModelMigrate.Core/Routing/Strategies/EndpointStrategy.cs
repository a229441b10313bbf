namespace ModelMigrate.Core.Routing.Strategies;

/// <summary>How one of a model's endpoints is chosen. What each goes by is said by <see cref="EndpointChoice"/>.</summary>
public enum EndpointStrategy
{
    /// <summary>The least mean of failed checks, cost, latency and failures, each relative to the worst endpoint.</summary>
    Balanced,

    /// <summary>The least share of answers that failed a check of the route.</summary>
    QualityFirst,

    /// <summary>The least US dollars a call.</summary>
    CostOptimized,

    /// <summary>The least time to the first content of a stream, or to the whole answer.</summary>
    SpeedPriority,

    /// <summary>The least share of failed calls.</summary>
    ReliabilityFirst,

    /// <summary>The fewest calls under way.</summary>
    LeastLoaded,

    /// <summary>The next in the order of the file.</summary>
    RoundRobin,

    /// <summary>Any, each as likely.</summary>
    Random,

    /// <summary>The one that can what the request needs and the least beyond it.</summary>
    CapabilityMatch,
}
