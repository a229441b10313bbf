namespace ModelMigrate.Core.Promptfoo.Asserting.Outside;

/// <summary>What a program or a judge said of an answer, before <c>not-</c> turns it round. One of <see cref="Pass"/>, <see cref="Broken"/> and <see cref="Missing"/> is set.</summary>
public sealed record OutsideResult
{
    public bool? Pass { get; init; }

    /// <summary>Counts although it passes or not; null for 1 and 0.</summary>
    public double? Score { get; init; }

    /// <summary>Whether <c>not-</c> turns the score round, too.</summary>
    public bool TurnsScore { get; init; }

    /// <summary>Whether <c>not-</c> is in it already.</summary>
    public bool IsTurned { get; init; }

    public string Reason { get; init; } = "";

    /// <summary>Scores of its own names.</summary>
    public IReadOnlyDictionary<string, double> NamedScores { get; init; } = new Dictionary<string, double>(StringComparer.Ordinal);

    /// <summary>Why the assertion fails, also with <c>not-</c>.</summary>
    public string? Broken { get; init; }

    /// <summary>Why nothing can be said, which makes the row an error.</summary>
    public string? Missing { get; init; }

    /// <summary>A share from 0 to 1, held against the threshold; without one any is enough.</summary>
    public static OutsideResult OfShare(OutsideTask task, double share, string reason) =>
        new() { Pass = share >= (task.Threshold ?? 0) - Similarity.Rounding, Score = share, TurnsScore = true, Reason = reason };
}
