using ModelMigrate.Core.Judging.Display;

namespace ModelMigrate.Core.Judging;

/// <summary>What one arm's requests came to over the whole attempt, open ones included.</summary>
public sealed record ArmEvidence
{
    public required long Admissions { get; init; }

    /// <summary>Requests that have not ended.</summary>
    public required long Open { get; init; }

    public required long Failures { get; init; }

    public required long Throttled { get; init; }

    public required long Timeouts { get; init; }

    public required long Skipped { get; init; }

    public required long ClientErrors { get; init; }

    public required long Canceled { get; init; }

    public required long Rescued { get; init; }

    public required long UserErrors { get; init; }

    public required long InputTokens { get; init; }

    public required long OutputTokens { get; init; }

    /// <summary>US dollars over all attempts whose price is known.</summary>
    public required decimal Cost { get; init; }

    /// <summary>Total latency of ended answers, to within 2.5 %, or null.</summary>
    public double? P50Ms { get => field ?? Latencies?.Total(0.5); init; }

    public double? P90Ms { get => field ?? Latencies?.Total(0.9); init; }

    public double? P95Ms { get => field ?? Latencies?.Total(0.95); init; }

    public double? P99Ms { get => field ?? Latencies?.Total(0.99); init; }

    public double? FirstTokenP50Ms { get => field ?? Latencies?.FirstToken(0.5); init; }

    public double? FirstTokenP90Ms { get => field ?? Latencies?.FirstToken(0.9); init; }

    /// <summary>What the quantiles are read from when they are asked for; null when they are given.</summary>
    internal ArmLatencies? Latencies { get; init; }

    /// <summary>Requests that ended as success.</summary>
    public long Succeeded => Admissions - Open - Failures - ClientErrors - Canceled;
}
