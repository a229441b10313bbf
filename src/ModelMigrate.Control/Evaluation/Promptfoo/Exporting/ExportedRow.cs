namespace ModelMigrate.Control.Evaluation.Promptfoo.Exporting;

/// <summary>One row of a comparison, asked of one of its models.</summary>
/// <param name="Test">From 0; each repeat counts.</param>
/// <param name="Id">The row's in its data set.</param>
/// <param name="Scores">Of each metric in the result's order; null where there is none.</param>
internal sealed record ExportedRow(long Test, string Id, IReadOnlyList<double?> Scores)
{
    /// <summary>Null where it is not kept.</summary>
    public string? Prompt { get; init; }

    /// <summary>Null where there is none, or it is not kept.</summary>
    public string? Reference { get; init; }

    /// <summary>Null where there is none, or it is not kept.</summary>
    public string? Output { get; init; }

    /// <summary>Why there is no answer; null when there is one.</summary>
    public string? Error { get; init; }

    /// <summary>Milliseconds.</summary>
    public double? LatencyMs { get; init; }

    /// <summary>Whether it was asked in an earlier run.</summary>
    public bool IsCached { get; init; }

    /// <summary>US dollars.</summary>
    public decimal? Cost { get; init; }

    public long InputTokens { get; init; }

    public long OutputTokens { get; init; }

    public string? Finish { get; init; }
}
