namespace ModelMigrate.Core.Evaluation.Results;

/// <summary>What one judged metric took, and how far its judge can be believed. Shares are 0 to 1; one that nothing is known of is null.</summary>
public sealed record GradingFigures
{
    public required string Metric { get; init; }

    /// <summary>The judge as it was named.</summary>
    public required string Judge { get; init; }

    /// <summary>The versions of the judge that its provider reported; more than one, and its verdicts are of several judges.</summary>
    public IReadOnlyList<string> Versions { get; init; } = [];

    /// <summary>Answers or pairs that it was asked for, identical pairs with them.</summary>
    public required long Cases { get; init; }

    /// <summary>Of them, those without a verdict.</summary>
    public required long Missing { get; init; }

    /// <summary>Calls of the judge, those made again with them.</summary>
    public required long Calls { get; init; }

    public long Retries { get; init; }

    /// <summary>Its answers that were no verdict.</summary>
    public long Malformed { get; init; }

    public long InputTokens { get; init; }

    public long OutputTokens { get; init; }

    /// <summary>In the currency of the catalog's prices; null when a price or a usage is unknown.</summary>
    public decimal? Cost { get; init; }

    /// <summary>Of pairs: the target's wins and half of the ties.</summary>
    public double? WinRate { get; init; }

    /// <summary>Of pairs: the win rate as it would be among answers of equal length.</summary>
    public double? LengthControlledWinRate { get; init; }

    /// <summary>Of pairs: verdicts for the answer in front, of those that are no ties. One half has no bias.</summary>
    public double? FirstPosition { get; init; }

    /// <summary>Of pairs: those whose first round says the same in both orders.</summary>
    public double? Consistency { get; init; }

    /// <summary>Of a rubric: the mean standard deviation of an answer's rounds, in grades; null with one round.</summary>
    public double? Spread { get; init; }
}
