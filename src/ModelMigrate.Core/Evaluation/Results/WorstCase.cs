namespace ModelMigrate.Core.Evaluation.Results;

/// <summary>One case in which the target lost.</summary>
public sealed record WorstCase
{
    public required string Sample { get; init; }

    public required string Metric { get; init; }

    public required double SourceScore { get; init; }

    public required double TargetScore { get; init; }

    /// <summary>Texts are there only when the run keeps them.</summary>
    public string? Prompt { get; init; }

    public string? Expected { get; init; }

    public string? SourceAnswer { get; init; }

    public string? TargetAnswer { get; init; }

    /// <summary>Where the case stands in the data set's file, from 1.</summary>
    public long? Line { get; init; }
}
