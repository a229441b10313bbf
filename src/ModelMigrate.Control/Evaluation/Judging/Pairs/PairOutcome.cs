namespace ModelMigrate.Control.Evaluation.Judging.Pairs;

/// <summary>What a judge makes of one pair. Rounds without a verdict in either order are left out, and the case is missing when none is left.</summary>
public sealed record PairOutcome
{
    /// <summary>How good the target's answer is beside the source's: 1 better, 0 worse, ½ as good; the mean of the rounds, or null.</summary>
    public double? Share => IsIdentical ? 0.5 : Rounds.Count == 0 ? null : Rounds.Average(static round => (int)round.Preference / 2.0);

    /// <summary>The same as a word.</summary>
    public Preference? Preference => Share is not { } share ? null : share > 0.5 ? Pairs.Preference.Target : share < 0.5 ? Pairs.Preference.Source : Pairs.Preference.Tie;

    /// <summary>Whether the answers are the same text: a tie that no judge is asked for.</summary>
    public bool IsIdentical { get; init; }

    /// <summary>Whether every round says the same in both orders; null where no judge was asked.</summary>
    public bool? IsConsistent => Rounds.Count == 0 ? null : Rounds.All(static round => round.IsConsistent);

    /// <summary>The judge's reasons, two for each round: source in front, then target.</summary>
    public IReadOnlyList<string> Reasons => [.. Rounds.SelectMany(static round => round.Reasons)];

    /// <summary>Rounds that have no verdict.</summary>
    public int MissingRounds { get; init; }

    /// <summary>Of the last round without a verdict.</summary>
    public JudgeFailure Failure { get; init; }

    /// <summary>In words, or null.</summary>
    public string? Missing { get; init; }

    internal IReadOnlyList<PairRound> Rounds { get; init; } = [];
}
