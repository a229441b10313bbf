using ModelMigrate.Core.Evaluation.Timing;

namespace ModelMigrate.Control.Evaluation.Performance;

/// <summary>How fast a model is with so many calls at once. Failed calls are in every percentile, behind all others.</summary>
public sealed record BatchFigures
{
    /// <summary>Calls that each round sent at once.</summary>
    public required int Batch { get; init; }

    /// <summary>Rounds that were measured.</summary>
    public required long Rounds { get; init; }

    /// <summary>Calls that were measured, failed ones too.</summary>
    public required long Calls { get; init; }

    /// <summary>Calls with a whole answer.</summary>
    public required long Answered { get; init; }

    /// <summary>Failed calls by kind, for example <c>timeout</c>.</summary>
    public required IReadOnlyDictionary<string, long> Errors { get; init; }

    /// <summary>Calls of the warm-up that failed; they are in no figure.</summary>
    public required long WarmupErrors { get; init; }

    /// <summary>From a call to the end of its answer: p50 and p99.</summary>
    public required IReadOnlyList<PercentileFigure> Latency { get; init; }

    /// <summary>From a call to its first content.</summary>
    public required IReadOnlyList<PercentileFigure> FirstToken { get; init; }

    /// <summary>From one content of an answer to the next. Without intervals: the gaps of one answer depend on each other.</summary>
    public required IReadOnlyList<PercentileFigure> InterToken { get; init; }

    /// <summary>From the beginning of a round to the end of its last answer.</summary>
    public required IReadOnlyList<PercentileFigure> Round { get; init; }

    /// <summary>The median over calls of output tokens by the call's whole time; a failed call has 0.</summary>
    public double? TokensPerSecondOfCall { get; init; }

    /// <summary>Output tokens of all answers by the time of all rounds.</summary>
    public double? TokensPerSecond { get; init; }

    public required long OutputTokens { get; init; }

    /// <summary>Calls whose provider reported no usage, so that pieces were counted for tokens.</summary>
    public required long CountedCalls { get; init; }

    /// <summary>Seconds of all rounds.</summary>
    public required double Seconds { get; init; }
}
