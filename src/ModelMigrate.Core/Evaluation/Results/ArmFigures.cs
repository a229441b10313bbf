namespace ModelMigrate.Core.Evaluation.Results;

/// <summary>What one arm reaches by one metric. A missing score is in no figure but its count.</summary>
public sealed record ArmFigures
{
    /// <summary>Cases with a score.</summary>
    public required long Cases { get; init; }

    public required long Missing { get; init; }

    /// <summary>Null without any score.</summary>
    public double? Mean { get; init; }

    /// <summary>Two-sided 95 % interval of the mean, Wilson's where every score is 0 or 1; of the corpus value where there is one.</summary>
    public double? Low { get; init; }

    public double? High { get; init; }

    /// <summary>Null with fewer than two scores.</summary>
    public double? StandardError { get; init; }

    /// <summary>The value of all counts together, of a metric whose value is not the mean.</summary>
    public double? Corpus { get; init; }

    /// <summary>What the metric says of the arm.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public double? Value => Corpus ?? Mean;
}
