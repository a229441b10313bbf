namespace ModelMigrate.Core.Evaluation.Results;

/// <summary>One model of an evaluation: what it was asked, and what that took.</summary>
public sealed record EvaluationArm
{
    /// <summary>As it was asked for, for example <c>openai/gpt-4.1</c>, or a URL without what is secret in it.</summary>
    public required string Model { get; init; }

    /// <summary>The version that the provider reported; null when it reported none.</summary>
    public string? ReportedVersion { get; init; }

    /// <summary>Answers that there are.</summary>
    public required long Answers { get; init; }

    /// <summary>Calls that ended without an answer, after all tries.</summary>
    public required long Errors { get; init; }

    /// <summary>Errors by kind, for example <c>throttled</c>.</summary>
    public IReadOnlyDictionary<string, long> ErrorsByKind { get; init; } = new SortedDictionary<string, long>(StringComparer.Ordinal);

    /// <summary>Answers that took more than one try.</summary>
    public long Retried { get; init; }

    public long InputTokens { get; init; }

    public long OutputTokens { get; init; }

    /// <summary>In the currency of the catalog's prices; null without prices.</summary>
    public decimal? Cost { get; init; }

    /// <summary>What grading this arm's answers by themselves cost; null without prices or a grader. Pairs are of both arms: see <see cref="EvaluationResult.Grading"/>.</summary>
    public decimal? GradingCost { get; init; }
}
