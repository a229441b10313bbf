namespace ModelMigrate.Core.Evaluation.Timing;

/// <summary>One percentile of measured times, failed calls among them.</summary>
public sealed record PercentileFigure
{
    /// <summary>For example 0.99.</summary>
    public required double Share { get; init; }

    /// <summary>Milliseconds; null when nothing was measured.</summary>
    public double? Ms { get; init; }

    /// <summary>Whether it falls among failed calls: then it is at least <see cref="Ms"/>, their time limit.</summary>
    public bool IsAtLeast { get; init; }

    /// <summary>Lower end of the 95 % interval; null when there are too few values for one.</summary>
    public double? LowMs { get; init; }

    /// <summary>Upper end; null when there are too few values for one, or it falls among failed calls.</summary>
    public double? HighMs { get; init; }
}
