namespace ModelMigrate.Core.Promptfoo.Asserting;

/// <summary>What came of one assertion, of a set of them, or of a test.</summary>
public sealed record Grade
{
    public required bool Pass { get; init; }

    public required double Score { get; init; }

    /// <summary>One sentence.</summary>
    public required string Reason { get; init; }

    /// <summary>The assertion; null for a whole test.</summary>
    public PromptfooAssertion? Assertion { get; init; }

    /// <summary>Scores by the names that assertions give them: weighted means.</summary>
    public IReadOnlyDictionary<string, double> NamedScores { get; init; } = new Dictionary<string, double>(StringComparer.Ordinal);

    /// <summary>The sum of weights behind each of <see cref="NamedScores"/>.</summary>
    public IReadOnlyDictionary<string, double> NamedWeights { get; init; } = new Dictionary<string, double>(StringComparer.Ordinal);

    /// <summary>Each assertion's; those of a set follow it.</summary>
    public IReadOnlyList<Grade> Components { get; init; } = [];

    /// <summary>Why nothing can be said, which is no failure of the answer's; else null.</summary>
    public string? Error { get; init; }
}
