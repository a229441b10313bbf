namespace ModelMigrate.Control.Evaluation.Performance;

/// <summary>One model of a measurement.</summary>
public sealed record PerformanceModel
{
    /// <summary><c>source</c> or <c>target</c>.</summary>
    public required string Role { get; init; }

    /// <summary>As it was named by whoever asked.</summary>
    public required string Model { get; init; }

    /// <summary>The version that the provider reported last; null when it reported none.</summary>
    public string? ReportedVersion { get; init; }

    public required IReadOnlyList<BatchFigures> Batches { get; init; }

    /// <summary>US dollars, warm-up too; null when a price or a usage is unknown.</summary>
    public decimal? Cost { get; init; }
}
