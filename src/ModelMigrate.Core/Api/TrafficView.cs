namespace ModelMigrate.Core.Api;

/// <summary>What the journal's blocks say of a route's traffic: measured while migrations ran on it, on the source arm.</summary>
public sealed record TrafficView
{
    public required string Route { get; init; }

    /// <summary>The migrations whose blocks were read.</summary>
    public required IReadOnlyList<string> Migrations { get; init; }

    /// <summary>The oldest second read, or null when nothing was measured.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>The newest second read.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Seconds of traffic that the figures stand for; pauses between attempts are left out.</summary>
    public required double Seconds { get; init; }

    /// <summary>Requests in them, on both arms.</summary>
    public required long Requests { get; init; }

    /// <summary>Requests a second, or null when nothing was measured.</summary>
    public double? Rate { get; init; }

    /// <summary>Share of the source's requests that failed, 0 to 1.</summary>
    public double? ErrorRate { get; init; }

    /// <summary>Requests of the source that the error rate is of.</summary>
    public required long SourceRequests { get; init; }

    /// <summary>Median of the source's total latency.</summary>
    public double? P50Ms { get; init; }

    public double? P95Ms { get; init; }

    /// <summary>Standard deviation of the natural logarithm of the source's latency, from its median and 95th percentile.</summary>
    public double? LatencySigma { get; init; }
}
