using ModelMigrate.Control.Evaluation.Running;
using ModelMigrate.Core.Evaluation.Timing;

namespace ModelMigrate.Control.Evaluation.Load;

/// <summary>What became of a load. Times are from when a request should have begun, failed and unsent ones stand behind all others.</summary>
public sealed record LoadReport
{
    /// <summary>As it was named by whoever asked.</summary>
    public required string Model { get; init; }

    /// <summary>The version that the provider reported last; null when it reported none.</summary>
    public string? ReportedVersion { get; init; }

    /// <summary><c>open</c> or <c>closed</c>.</summary>
    public required string Mode { get; init; }

    /// <summary><c>poisson</c> or <c>constant</c>; null with users.</summary>
    public string? Arrivals { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>Null when arrivals do not wait for answers.</summary>
    public int? Users { get; init; }

    /// <summary>Requests that came.</summary>
    public required long Requests { get; init; }

    public required long Sent { get; init; }

    /// <summary>Requests that came while <see cref="MaxInFlight"/> were under way.</summary>
    public required long NotSent { get; init; }

    public required long Answered { get; init; }

    /// <summary>Requests without an answer by kind; <c>not_sent</c> is one.</summary>
    public required IReadOnlyDictionary<string, long> Errors { get; init; }

    /// <summary>Answered of all that came; null when none came.</summary>
    public double? SuccessRate { get; init; }

    /// <summary>Seconds from the start to the last arrival or the last end, whichever is later.</summary>
    public required double Seconds { get; init; }

    /// <summary>Requests a second that were asked for, ramp-up and all; null with users.</summary>
    public double? RequestsPerSecondAsked { get; init; }

    /// <summary>Answers a second.</summary>
    public required double RequestsPerSecondReached { get; init; }

    /// <summary>Answers a second that were good ones.</summary>
    public required double Goodput { get; init; }

    public double? SloMs { get; init; }

    public double? SloFirstTokenMs { get; init; }

    /// <summary>p50, p95, p99 and p99.9.</summary>
    public required IReadOnlyList<PercentileFigure> Latency { get; init; }

    /// <summary>The same until the first content.</summary>
    public required IReadOnlyList<PercentileFigure> FirstToken { get; init; }

    /// <summary>How much later than it should a request was sent: this machine's doing. p99.</summary>
    public double? SendLagP99Ms { get; init; }

    public double? SendLagLargestMs { get; init; }

    public required int MaxInFlight { get; init; }

    /// <summary>The most that were under way at once.</summary>
    public required int MostInFlight { get; init; }

    public required double LimitMs { get; init; }

    public required long OutputTokens { get; init; }

    /// <summary>US dollars; null when a price or a usage is unknown.</summary>
    public decimal? Cost { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required RunEndKind End { get; init; }

    /// <summary>Why it is not whole, with what to do; null when it is.</summary>
    public string? IncompleteBecause { get; init; }
}
