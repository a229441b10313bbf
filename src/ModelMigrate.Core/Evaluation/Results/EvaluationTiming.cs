namespace ModelMigrate.Core.Evaluation.Results;

/// <summary>What a clock measured of a run. Two runs that are the same else differ here, and nowhere else.</summary>
public sealed record EvaluationTiming
{
    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Seconds that calls were made for, over all resumed parts.</summary>
    public double? Seconds { get; init; }

    public double? RowsPerSecond { get; init; }

    public LatencyFigures? Source { get; init; }

    public LatencyFigures? Target { get; init; }
}
