namespace ModelMigrate.Simulation.Faults;

/// <summary>How a simulated provider behaves right now. Immutable; a running provider swaps it whole.</summary>
internal sealed record FaultSchedule
{
    public static FaultSchedule Default { get; } = new();

    /// <summary>Median time to the first content. Default 200 ms.</summary>
    public TimeSpan LatencyMedian { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Standard deviation of the latency's natural logarithm. Default 0.3.</summary>
    public double LatencySigma { get; init; } = 0.3;

    /// <summary>Multiplies every latency. Default 1.</summary>
    public double SlowFactor { get; init; } = 1;

    /// <summary>Pace of the content after its first token; 0 sends all of it at once. Default 0.</summary>
    public double TokensPerSecond { get; init; }

    public double ErrorRate { get; init; }

    public double ThrottleRate { get; init; }

    /// <summary>What a 429 says in <c>Retry-After</c>, in whole seconds. Default 1 s.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(1);

    public double MalformedRate { get; init; }

    public double HangRate { get; init; }

    public double CutRate { get; init; }

    /// <summary>Whether every request fails at once.</summary>
    public bool Down { get; init; }

    /// <summary>Whether an outage breaks the connection instead of answering 503.</summary>
    public bool DownAborts { get; init; }
}
